"""Pieces are read anew exactly as they were asked for; a text that changed on the way is refused."""

import pytest

from services.classify.model import build_model
from services.classify.near.index import Twins
from services.classify.near.pieces import shifted
from services.classify.pipeline import read_piece
from services.classify.steps.view import view
from shared.events import Cite, Edit, Opinion, PersonalData, SubmissionClassified
from tests.support.memory_store import MemoryStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.near.samples import LETTER, OWN, event, opinion, reread


@pytest.mark.parametrize(
    "change", [{"text": "khác"}, {"start": 0}, {"end": 7}, {"opinion_id": "x-1"}], ids=["text", "start", "end", "id"]
)
async def test_a_piece_that_is_not_what_was_asked_for_is_refused(change: dict[str, object]) -> None:
    def wrong(one: SubmissionClassified, whole: Opinion, start: int, end: int, id_: str) -> Opinion:
        return reread(one, whole, start, end, id_).model_copy(update=change)

    twins = Twins(MemoryStore())
    await twins.link([event(1, LETTER)])
    with pytest.raises(ValueError, match="anew"):
        await twins.link([event(2, f"{LETTER} {OWN}")], wrong)


def test_every_offset_of_a_shifted_opinion_moves() -> None:
    read = opinion("s-1", LETTER).model_copy(
        update={
            "cites": (Cite(units={"muc": "I"}, start=1, end=2),),
            "edits": (Edit(op="replace", old="a", new="b", start=3, end=9, old_at=4, new_at=None),),
            "pii": (PersonalData(kind="phone", start=5, end=6),),
        }
    )
    moved = shifted(read, 10)
    assert (moved.start, moved.end) == (10, 10 + len(LETTER))
    assert [(c.start, c.end) for c in moved.cites] == [(11, 12)]
    assert [(p.start, p.end) for p in moved.pii] == [(15, 16)]
    assert [(e.start, e.end, e.old_at, e.new_at) for e in moved.edits] == [(13, 19, 14, None)]


async def test_marks_where_sentences_meet_are_no_obstacle_to_the_real_reader() -> None:
    model = build_model(small_consultation())

    def read(_one: SubmissionClassified, whole: Opinion, start: int, end: int, id_: str) -> Opinion:
        return read_piece(seen, (start, end), model, opinion_id=id_)

    for between in (" ", "\n", " \u0301", "\n\u0301", "\u0302 ", " İ ", "”\u0301\n", "\u0301\u0301 \u0302"):
        twins = Twins(MemoryStore())
        await twins.link([event(1, LETTER)])
        text = f"{LETTER}{between}{OWN}{between}Cảm ơn."
        seen = view(text)
        (linked,) = await twins.link([event(2, text)], read)
        assert "".join(o.text for o in linked.opinions).replace(" ", "").replace("\n", "") == "".join(text.split())
