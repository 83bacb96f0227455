"""Which opinions need a reader."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.review.rules import drawn, reasons
from shared.consultation import ReviewPolicy
from shared.events import Cite, Edit, Evidence, ReviewReason, Stance
from tests.unit.services.classify.review.samples import opinion

SECRET = b"bia-ra-de-thu"
NO_SAMPLE = ReviewPolicy(accept_from=0.5, sample_rate=0)
EVERY = ReviewPolicy(accept_from=0.5, sample_rate=1)


def cite(section: str | None) -> Cite:
    return Cite(units={"muc": "II", "section": section}, start=0, end=6)


def edit(op: Any) -> Edit:
    return Edit(op=op, old="a", new="b", start=0, end=3)


def groups_of(ref: str) -> tuple[int, ...]:
    return {"II": (2,), "III": (1, 3)}.get(ref, ())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ()),
        ({"confidence": 0.5}, ()),
        ({"confidence": 0.499}, ("low_confidence",)),
        ({"topics": (0,)}, ("outside",)),
        ({"topics": (0,), "confidence": 0.3}, ("low_confidence", "outside")),
        ({"language": "hmn"}, ("language",)),
        ({"cites": (cite("II"),)}, ("conflict",)),
        ({"cites": (cite("III"),)}, ()),
        ({"cites": (cite(None), cite("V"))}, ()),
        ({"topics": (1, 2), "cites": (cite("II"),)}, ()),
        ({"evidence": Evidence(sections=("II",))}, ("conflict",)),
        ({"stance": Stance.AGREE, "edits": (edit("replace"),)}, ("conflict",)),
        ({"stance": Stance.AGREE, "edits": (edit("insert"),)}, ()),
        ({"stance": Stance.DISAGREE, "edits": (edit("delete"),)}, ()),
    ],
)
def test_each_reason_and_its_border(fields: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert reasons(opinion(**fields), NO_SAMPLE, SECRET, groups_of) == expected


def test_a_twin_follows_the_first_one_and_is_never_read_or_drawn() -> None:
    assert reasons(opinion(same_as="x-1", topics=(0,), confidence=0.0), EVERY, SECRET) == ()


def test_what_a_person_decided_is_not_asked_again() -> None:
    decided = opinion(topics=(0,), confidence=0.0, evidence=Evidence(by="correction", review_id="r"))
    assert reasons(decided, EVERY, SECRET) == ()


def test_the_sample_is_drawn_among_confident_and_doubtful_ones_alike_but_only_vietnamese() -> None:
    assert reasons(opinion(), EVERY, SECRET) == (ReviewReason.SAMPLE,)
    assert reasons(opinion(confidence=0.1), EVERY, SECRET) == (ReviewReason.LOW_CONFIDENCE, ReviewReason.SAMPLE)
    assert reasons(opinion(language="hmn"), EVERY, SECRET) == (ReviewReason.LANGUAGE,)


@given(st.text(max_size=60), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_rate_only_adds_to_the_sample(id_: str, a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert drawn(id_, low, SECRET) <= drawn(id_, high, SECRET)
    assert not drawn(id_, 0, SECRET)
    assert drawn(id_, 1, SECRET)


def test_the_rate_is_kept_and_the_draw_depends_on_the_secret() -> None:
    ids = [f"{n:032x}-1" for n in range(20_000)]
    mine = {id_ for id_ in ids if drawn(id_, 0.02, SECRET)}
    assert 300 < len(mine) < 500
    assert len(mine & {id_ for id_ in ids if drawn(id_, 0.02, b"khac")}) < 40
