"""Competing wordings of one place stand together, equal ones once with their number, and nothing personal is printed."""

from services.report.figures.rows import OpinionRow
from services.report.figures.wording import wording
from shared.clock import format_instant
from shared.events import DraftPlace, Edit
from tests.support.report_events import BASE, sid

DRAFTS = {"bao-cao": "Báo cáo chính trị"}


def row(n: int, *edits: Edit, pii: tuple[tuple[int, int], ...] = ()) -> OpinionRow:
    return OpinionRow.of(
        {
            "opinion_id": f"{sid(n)}-1",
            "submission_id": sid(n),
            "revision": 1,
            "start": 0,
            "topic": 1,
            "stance": "amend",
            "outcome": "counted",
            "channel": "web",
            "window": "inside",
            "received_at": format_instant(BASE),
            "text": "x" * 200,
            "confidence": 1.0,
            "petition_suspected": False,
            "edits": [e.model_dump(mode="json") for e in edits],
            "pii": [list(span) for span in pii],
        }
    )


def edit(
    old: str | None, new: str | None, at: tuple[int, int] | None, op: str = "replace", draft: str = "bao-cao"
) -> Edit:
    located = DraftPlace(draft_id=draft, version=1, start=at[0], end=at[1], section="II") if at else None
    return Edit.model_validate({"op": op, "old": old, "new": new, "start": 10, "end": 40, "located": located})


def test_overlapping_places_compete_and_distant_ones_do_not() -> None:
    found = wording(
        [
            row(1, edit("khoảng 70%", "75%", (100, 110))),
            row(2, edit("70%", "72%", (107, 110))),
            row(3, edit("a", "b", (300, 301))),
        ],
        DRAFTS,
    )
    assert [[p.new for p in place.proposals] for place in found] == [["75%", "72%"], ["b"]]
    assert found[0].draft == "Báo cáo chính trị"


def test_the_same_wish_of_many_stands_once_with_its_number() -> None:
    (place,) = wording([row(n, edit("Khoảng 70%", "75 %", (100, 110))) for n in (1, 2, 3)], DRAFTS)
    assert [(p.new, p.opinions) for p in place.proposals] == [("75 %", 3)]


def test_what_is_in_no_draft_is_listed_last_and_not_lost() -> None:
    found = wording([row(1, edit("không có", "mới", None)), row(2, edit("a", "b", (5, 6)))], DRAFTS)
    assert [place.located for place in found] == [True, False]


def test_two_drafts_never_share_a_place() -> None:
    found = wording([row(1, edit("a", "b", (5, 9))), row(2, edit("a", "c", (5, 9), draft="khac"))], DRAFTS)
    assert len(found) == 2


def test_wording_that_holds_personal_data_is_not_printed() -> None:
    assert wording([row(1, edit("a", "gọi 0912345678", (5, 6)), pii=((20, 30),))], DRAFTS) == ()


def test_a_place_that_names_somebody_is_not_printed_however_far_from_the_wording_it_stands() -> None:
    named = edit("a", "b", (5, 6)).model_copy(update={"place": "đoạn ông Lò Văn Mẫu viết"})
    told = OpinionRow.of(
        {
            "opinion_id": f"{sid(1)}-1",
            "submission_id": sid(1),
            "revision": 1,
            "start": 0,
            "topic": 1,
            "stance": "amend",
            "outcome": "counted",
            "channel": "web",
            "window": "inside",
            "received_at": format_instant(BASE),
            "text": "x" * 100 + "đoạn ông Lò Văn Mẫu viết",
            "confidence": 1.0,
            "petition_suspected": False,
            "edits": [named.model_dump(mode="json")],
            "pii": [[109, 119]],
        }
    )
    assert told.text[109:119] == "Lò Văn Mẫu"
    assert wording([told], DRAFTS) == ()


def test_whole_passages_that_are_to_go_are_one_wish_only_where_the_place_is_the_same() -> None:
    def removal(place: str, at: tuple[int, int] | None) -> Edit:
        return edit(None, None, at, op="delete").model_copy(update={"place": place})

    found = wording(
        [
            row(1, removal("Mục III", (100, 120))),
            row(2, removal("mục III phần I", (100, 120))),
            row(3, removal("đoạn 1 trang 4", (110, 300))),
            row(4, removal("khoản 3", None)),
            row(5, removal("Khoản 3", None)),
            row(6, removal("khoản 4", None)),
        ],
        DRAFTS,
    )
    assert [[(p.place, p.opinions) for p in place.proposals] for place in found] == [
        [("Mục III", 2), ("đoạn 1 trang 4", 1)],
        [("khoản 3", 2)],
        [("khoản 4", 1)],
    ]
