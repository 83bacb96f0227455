"""What each event of Zalo is to us: whatever a person sends is kept, nothing else is taken for a message."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.channels.zalo.event import Ignored, Withdrawal, decode
from services.ingest.channels.zalo.message import Message
from tests.support import zalo_events as zalo
from tests.unit.services.ingest.channels.zalo.test_admission import JSON

AT = datetime(2025, 10, 20, 3, tzinfo=UTC)
LATER = datetime(2025, 10, 20, 4, tzinfo=UTC)


def read(event: dict[str, Any]) -> Message | Withdrawal | Ignored:
    return decode(json.dumps(event).encode(), received_at=LATER)


def message(event: dict[str, Any]) -> Message:
    found = read(event)
    assert isinstance(found, Message)
    return found


def attached(name: str, kind: str, words: str = "", **payload: Any) -> Message:
    return message(zalo.event(name, "m", AT, text=words, attachments=[{"type": kind, "payload": payload}]))


def test_a_text_keeps_its_words_its_sender_and_its_time() -> None:
    found = message(zalo.text("m1", "Đề nghị sửa mục 2.", AT))
    assert (found.id, found.user, found.text, found.sent_at) == ("m1", zalo.USER, "Đề nghị sửa mục 2.", AT)
    assert found.says_something


def test_a_quoted_reply_keeps_only_the_new_words() -> None:
    assert message(zalo.event("user_send_text", "m", AT, text="Tôi đồng ý.", quote_msg_id="m0")).text == "Tôi đồng ý."


def test_a_file_keeps_what_was_declared_of_it() -> None:
    (found,) = message(zalo.file("m", "https://f.zdn.vn/a", b"abc", AT)).files
    assert (found.name, found.size, found.suffix, found.url) == ("gop-y.docx", 3, "docx", "https://f.zdn.vn/a")
    assert len(found.md5) == 32


@pytest.mark.parametrize("kind", ["image", "gif", "audio", "video", "file"])
def test_media_are_files_to_fetch_and_the_caption_is_text(kind: str) -> None:
    found = attached(f"user_send_{kind}", kind, "Ảnh chụp thư tay", url="https://x.zadn.vn/1", thumbnail="https://t/2")
    assert (found.text, [f.url for f in found.files], found.files[0].waiting) == (
        "Ảnh chụp thư tay",
        ["https://x.zadn.vn/1"],
        True,
    )


def test_a_link_is_text() -> None:
    found = attached("user_send_link", "link", "Xem bài này", url="https://bao.example/1")
    assert found.text == "Xem bài này\nhttps://bao.example/1"


@pytest.mark.parametrize("kind", ["sticker", "business_card"])
def test_a_sticker_or_a_card_says_nothing(kind: str) -> None:
    assert not attached(f"user_send_{kind}", kind, url="https://s.zdn.vn/1", id="1").says_something


def test_a_place_is_kept_to_a_hundred_metres_and_says_nothing_alone() -> None:
    spot: dict[str, Any] = {"coordinates": {"latitude": "21.3861234", "longitude": "103.0169876"}}
    found = attached("user_send_location", "location", **spot)
    assert (found.place, found.says_something) == ("21.386, 103.017", False)


def test_an_anonymous_chat_goes_by_its_conversation() -> None:
    found = message(zalo.event("anonymous_send_text", "m", AT, text="Xin chào.", conversation_id="c9"))
    assert (found.user, found.anonymous) == ("c9", True)


@pytest.mark.parametrize(
    "name", ["follow", "unfollow", "oa_send_text", "user_seen_message", "user_received_message", "user_click_chatnow"]
)
def test_what_is_no_message_of_a_person_is_ignored(name: str) -> None:
    assert read(zalo.event(name, "m", AT)) == Ignored(name=name)


def test_an_event_nobody_knew_is_kept_when_a_person_says_something() -> None:
    assert message(zalo.event("user_send_poll", "m", AT, text="Tôi chọn phương án 2.")).text == "Tôi chọn phương án 2."
    (kept,) = attached("user_send_poll", "poll", choice=2).files
    assert json.loads(kept.said)["payload"] == {"choice": 2}
    assert not kept.waiting


def test_a_message_without_an_id_goes_by_its_bytes() -> None:
    event = zalo.event("user_send_text", None, AT, text="Không có mã.")
    assert message(event).id == message(event).id
    assert message(event).id != message({**event, "timestamp": "1"}).id


def test_a_message_without_a_sender_is_kept_by_itself() -> None:
    found = message({**zalo.text("m", "Ai gửi?", AT), "sender": None})
    assert (found.text, found.anonymous) == ("Ai gửi?", True)


def test_ids_and_times_may_be_numbers() -> None:
    found = message(zalo.text("m", "x", AT) | {"sender": {"id": 12}, "timestamp": int(AT.timestamp() * 1000)})
    assert (found.user, found.sent_at) == ("12", AT)


@pytest.mark.parametrize("stamp", ["154390853474", "", None, "x", "9" * 30, {}])
def test_a_timestamp_that_is_no_time_is_replaced_by_ours(stamp: object) -> None:
    found = message(zalo.text("m", "x", AT) | {"timestamp": stamp})
    assert (found.sent_at, found.spoken_at) == (None, LATER)


def test_a_withdrawal_names_the_person_and_the_time() -> None:
    assert read(zalo.withdraw(AT)) == Withdrawal(user=zalo.USER, at=AT)


def test_half_a_surrogate_pair_does_not_cost_the_message() -> None:
    assert message(zalo.text("m", "Góp ý \ud83d", AT)).text == "Góp ý \ufffd"


@given(
    st.sampled_from(["user_send_text", "user_send_image", "anonymous_send_file", "user_withdraw", "user_new"]),
    st.dictionaries(st.sampled_from(["msg_id", "text", "attachments", "conversation_id"]), JSON),
    st.lists(st.fixed_dictionaries({"type": JSON | st.just("file"), "payload": JSON}), max_size=3),
    JSON,
)
def test_no_shape_of_an_event_breaks_the_reading(
    name: str, shape: dict[str, Any], attachments: list[Any], sender: Any
) -> None:
    event = {
        "event_name": name,
        "message": {"attachments": attachments, **shape},
        "sender": sender,
        "timestamp": sender,
    }
    found = read(event)
    assert isinstance(found, Message | Withdrawal | Ignored)
    found.model_dump_json()
