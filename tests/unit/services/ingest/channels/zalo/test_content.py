"""A closed conversation as a submission: all that was said, in order, nothing softened, nothing added to the opinion."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.ingest.channels.zalo import content
from services.ingest.channels.zalo.conversation import Closing, Conversation
from services.ingest.channels.zalo.message import Message, RemoteFile
from shared.events import Reading

AT = datetime(2025, 10, 20, 3, tzinfo=UTC)
STATE = Conversation(oa="1", user="2")


def said(id_: str, words: str = "", *, sent_s: float | None = 0, after_s: float = 60, **more: Any) -> Message:
    sent = None if sent_s is None else AT + timedelta(seconds=sent_s)
    return Message(id=id_, user="2", sent_at=sent, received_at=AT + timedelta(seconds=after_s), text=words, **more)


def closing(*messages: Message) -> Closing:
    return Closing(messages=messages)


def test_lines_stand_in_the_order_in_which_they_were_sent() -> None:
    made = content.to_submission(STATE, closing(said("b", "Hai.", sent_s=5), said("a", "Một.", sent_s=1)), {})
    assert made.text == "Một.\nHai."
    assert made.submitted_at == AT + timedelta(seconds=1)


def test_without_usable_times_the_order_of_arrival_holds() -> None:
    made = content.to_submission(
        STATE, closing(said("a", "Một.", sent_s=None, after_s=1), said("b", "Hai.", sent_s=None, after_s=2)), {}
    )
    assert made.text == "Một.\nHai."


def test_a_clock_ahead_of_ours_never_gives_a_time_in_the_future() -> None:
    made = content.to_submission(STATE, closing(said("a", "Một.", sent_s=9000, after_s=1)), {})
    assert made.submitted_at == AT + timedelta(seconds=1)


def test_a_place_is_told_beside_words_only() -> None:
    spot = said("p", place="21.386, 103.017")
    assert not content.worth_keeping(closing(spot))
    made = content.to_submission(STATE, closing(said("a", "Đường ở đây hỏng."), spot), {})
    assert made.text == "Đường ở đây hỏng.\n(Vị trí gửi kèm: 21.386, 103.017)"


def test_files_keep_their_bytes_and_a_lost_one_is_named() -> None:
    held = RemoteFile(name="image-1", kind="image", state="held", blob="b1", content_type="image/jpeg")
    lost = RemoteFile(name="thư.pdf", kind="file", state="lost", reason="http-404")
    odd = RemoteFile(name="poll-1.json", kind="poll", said='{"type": "poll"}')
    made = content.to_submission(STATE, closing(said("a", files=(held, lost, odd))), {"b1": b"\xff\xd8\xff"})
    first, second, third = made.files
    assert (first.filename, first.data, first.reading) == ("image-1.jpg", b"\xff\xd8\xff", None)
    assert "“thư.pdf”" in second.data.decode()
    assert (second.reading, second.text, third.reading) == (Reading.MALFORMED, "", Reading.UNSUPPORTED)
    assert made.text == "", "a note of ours is no opinion"


def test_the_person_is_the_account_and_can_be_answered() -> None:
    found = content.person(STATE)
    assert found.account == "zalo:1:2"
    assert found.reply_to is not None
    assert (found.reply_to.zalo_oa, found.reply_to.zalo_user) == ("1", "2")


def test_an_anonymous_chat_is_another_person_than_the_account_of_the_same_number() -> None:
    found = content.person(STATE.model_copy(update={"anonymous": True}))
    assert found.account != content.person(STATE).account
    assert found.reply_to is None
