"""What a reader may say, as a form and as JSON, and that the same answer is the same review."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.review.answer import Answer, agrees, faults, review_id, reviewed, same_decision
from services.classify.review.text import Sentence
from services.classify.review.web.form import FormFaults, answer_of
from shared.events import Evidence, Stance
from tests.unit.services.classify.review.samples import classified, opinion
from tests.unit.services.classify.samples import AT

CODES = (1, 2, 3)
TEN = opinion(text="Một hai ba", start=100, end=110, topics=(1, 2), stance=Stance.AMEND)
SENTENCES = (Sentence(1, 100, 103), Sentence(2, 104, 107), Sentence(3, 108, 110))


def answer(**fields: Any) -> Answer:
    return Answer.model_validate(
        {"opinion_id": TEN.opinion_id, "revision": 1, "topics": (1,), "stance": "amend"} | fields
    )


def test_order_of_two_groups_says_nothing() -> None:
    assert agrees(answer(topics=(2, 1)), TEN)
    assert not agrees(answer(topics=(1,)), TEN)
    assert not agrees(answer(topics=(1, 2), start=100, end=107), TEN)
    assert agrees(answer(topics=(1, 2), start=100, end=110), TEN)


@pytest.mark.parametrize("span", [(99, 105), (100, 111), (105, 105), (107, 104), (103, 104)])
def test_a_span_must_lie_in_the_opinion_and_hold_words(span: tuple[int, int]) -> None:
    wrong = faults(answer(start=span[0], end=span[1]), TEN, CODES, None, "queue")
    assert [fault.field for fault in wrong] == ["start"]


def test_a_chosen_stance_is_not_overridden_by_readers() -> None:
    assert [f.field for f in faults(answer(), TEN, CODES, Stance.AGREE, "queue")] == ["stance"]
    assert faults(answer(stance="agree"), TEN, CODES, Stance.AGREE, "queue") == []


@given(st.lists(st.integers(0, 5), max_size=4))
def test_only_sound_groups_pass(codes: list[int]) -> None:
    sound = len(codes) in (1, 2) and len(set(codes)) == len(codes) and (codes == [0] or set(codes) <= set(CODES))
    assert (faults(answer(topics=codes), TEN, CODES, None, "queue") == []) is sound


def test_the_machine_is_measured_only_where_no_person_had_spoken() -> None:
    made = reviewed(answer(), classified(TEN), TEN, "sample", "tham-dinh-1", AT)
    assert made.machine is not None
    assert made.machine.topics == (1, 2)
    assert not made.confirmed
    corrected = TEN.model_copy(update={"evidence": Evidence(by="correction")})
    assert reviewed(answer(), classified(corrected), corrected, "sample", "tham-dinh-1", AT).machine is None


def test_a_review_is_known_by_opinion_revision_reader_and_kind() -> None:
    ids = {
        review_id(o, r, who, k)
        for o in ("a-1", "a-2")
        for r in (1, 2)
        for who in ("x", "y")
        for k in ("queue", "sample", "settle")
    }
    assert len(ids) == 24
    event = reviewed(answer(start=100, end=103), classified(TEN), TEN, "queue", "x", AT)
    assert same_decision(answer(start=100, end=103), event)
    assert not same_decision(answer(), event)
    assert not same_decision(answer(topics=(3,), start=100, end=103), event)


def form(**fields: str | list[str]) -> dict[str, list[str]]:
    known: dict[str, str | list[str]] = {"revision": "1", "topics": ["1"], "stance": "amend", "first": "1", "last": "3"}
    return {name: value if isinstance(value, list) else [value] for name, value in (known | fields).items()}


def test_a_form_names_sentences_and_the_answer_offsets() -> None:
    assert answer_of(form(), TEN.opinion_id, SENTENCES).start is None, "all sentences: the span as it stands"
    narrowed = answer_of(form(first="2", last="3"), TEN.opinion_id, SENTENCES)
    assert (narrowed.start, narrowed.end) == (104, 110)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"first": "3", "last": "2"}, "start"),
        ({"stance": ""}, "stance"),
        ({"revision": "x"}, ""),
        ({"topics": ["một"]}, ""),
        ({"stance": "khác"}, ""),
    ],
)
def test_a_broken_form_says_what_to_mend(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(FormFaults) as raised:
        answer_of(form(**fields), TEN.opinion_id, SENTENCES)
    assert [fault.field for fault in raised.value.errors] == [field]


def test_no_group_at_all_is_left_to_the_rules_to_refuse() -> None:
    nothing = {name: value for name, value in form().items() if name != "topics"}
    made = answer_of(nothing, TEN.opinion_id, SENTENCES)
    assert [f.field for f in faults(made, TEN, CODES, None, "queue")] == ["topics"]
