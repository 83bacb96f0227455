"""A corrected span: nothing of the opinion vanishes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.corrections.span import shrunk
from services.classify.pipeline import text_key
from shared.errors import Permanent
from shared.events import Cite, Opinion, PersonalData, ReviewReason, Stance

TEXT = "Nhất trí với dự thảo, đề nghị sửa trang 6. Gọi tôi theo số 0900000000."


def opinion(text: str = TEXT, start: int = 10) -> Opinion:
    return Opinion(
        opinion_id="s-1",
        text=text,
        start=start,
        end=start + len(text),
        topics=(6,),
        confidence=0.9,
        stance=Stance.AMEND,
        text_key=text_key(text),
        cites=(Cite(units={"trang": "6"}, start=start + 34, end=start + 41),),
        pii=(PersonalData(kind="phone", start=start + 59, end=start + 69),),
    )


@given(st.data())
def test_the_parts_cover_every_character_but_white_space_and_do_not_overlap(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("aă1 ,.\n"), min_size=1, max_size=30))
    whole = opinion(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not any(c.isalnum() for c in text[start:end]):
        return
    parts = shrunk(whole, 10 + start, 10 + end, 2)
    seen: set[int] = set()
    for part in parts:
        assert part.text == text[part.start - 10 : part.end - 10]
        assert any(c.isalnum() for c in part.text)
        covered = set(range(part.start - 10, part.end - 10))
        assert not covered & seen
        seen |= covered
    assert {i for i, c in enumerate(text) if not c.isspace()} <= seen
    assert len({part.opinion_id for part in parts}) == len(parts)


def test_what_is_left_out_becomes_an_opinion_that_a_reader_has_to_look_at() -> None:
    first, rest = shrunk(opinion(), 32, 10 + len(TEXT), 5)
    assert first.opinion_id == "s-1"
    assert first.text.startswith("đề nghị sửa")
    assert (rest.opinion_id, rest.text) == ("s-5", "Nhất trí với dự thảo,")
    assert rest.review == (ReviewReason.LOW_CONFIDENCE,)
    assert first.cites
    assert not rest.cites


def test_half_a_telephone_number_is_masked_as_well() -> None:
    first, rest = shrunk(opinion(), 10, 10 + 64, 2)
    assert [(p.start, p.end) for p in first.pii] == [(69, 74)]
    assert [(p.start, p.end) for p in rest.pii] == [(74, 79)]


@pytest.mark.parametrize("span", [(9, 20), (20, 11 + len(TEXT)), (20, 20), (30, 32)])
def test_a_span_outside_the_opinion_or_without_a_word_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(Permanent, match="span"):
        shrunk(opinion(), *span, 2)
