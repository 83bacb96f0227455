"""A model made unchecked is the one its constructor makes."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from services.classify.unchecked import unchecked
from shared.events import Cite, Evidence, Opinion, PersonalData, ReviewReason, SetAside, Stance, Term

_word = st.text(max_size=8)
_place = st.integers(0, 1000)
_share = st.floats(0, 1)
_code = st.integers(0, 99)


def _all_of(model: type[BaseModel], /, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Values of all the fields, in their order."""
    drawn = st.fixed_dictionaries({name: values[name] for name in model.model_fields})
    return drawn.map(lambda those: {name: those[name] for name in model.model_fields})


terms = _all_of(Term, term=_word, topic=_code, weight=st.floats(-9, 9))
asides = _all_of(SetAside, kind=st.sampled_from(["salutation", "closing", "signature"]), start=_place, end=_place)
evidence = _all_of(
    Evidence,
    by=st.sampled_from(["words", "learned", "correction"]),
    hints=st.lists(_word, max_size=2).map(tuple),
    sections=st.lists(_word, max_size=2).map(tuple),
    terms=st.lists(terms.map(lambda values: Term(**values)), max_size=2).map(tuple),
    review_id=st.none() | _word,
)
opinions = _all_of(
    Opinion,
    opinion_id=_word,
    text=_word,
    start=_place,
    end=_place,
    topics=st.lists(_code, min_size=1, max_size=2).map(tuple),
    confidence=_share,
    stance=st.sampled_from(Stance),
    cites=st.just(()) | st.just((Cite(start=0, end=7, units={"page": "6"}),)),
    edits=st.just(()),
    language=st.sampled_from(["vi", "en"]),
    pii=st.just(()) | st.just((PersonalData(start=0, end=10, kind="phone"),)),
    petition_suspected=st.booleans(),
    general=st.booleans(),
    text_key=st.none() | _word,
    same_as=st.none() | _word,
    similarity=st.none() | _share,
    review=st.lists(st.sampled_from(ReviewReason), max_size=2).map(tuple),
    evidence=st.none() | evidence.map(lambda values: Evidence(**values)),
)
made = st.one_of(
    st.tuples(st.just(Term), terms),
    st.tuples(st.just(SetAside), asides),
    st.tuples(st.just(Evidence), evidence),
    st.tuples(st.just(Opinion), opinions),
)


@settings(max_examples=150)
@given(made)
def test_it_is_what_the_constructor_makes(pair: tuple[type[BaseModel], dict[str, Any]]) -> None:
    kind, values = pair
    built = kind(**values)
    quick = unchecked(kind, dict(values))
    assert type(quick) is kind
    assert quick == built
    assert quick.__dict__ == built.__dict__
    assert list(quick.__dict__) == list(built.__dict__) == list(kind.model_fields)
    assert quick.model_fields_set == built.model_fields_set
    assert quick.__pydantic_extra__ == built.__pydantic_extra__
    assert quick.__pydantic_private__ == built.__pydantic_private__
    if not values.get("cites"):  # they hold dictionaries
        assert hash(quick) == hash(built)
    assert repr(quick) == repr(built)


@settings(max_examples=150)
@given(made)
def test_it_is_written_copied_and_read_back_like_any_other(pair: tuple[type[BaseModel], dict[str, Any]]) -> None:
    kind, values = pair
    built, quick = kind(**values), unchecked(kind, dict(values))
    assert quick.model_dump() == built.model_dump()
    assert quick.model_dump_json() == built.model_dump_json()
    assert quick.model_dump(exclude_unset=True) == built.model_dump(exclude_unset=True)
    assert kind.model_validate_json(quick.model_dump_json()) == built
    assert kind.model_validate(quick) is quick
    for same in (quick.model_copy(), quick.model_copy(deep=True), copy.deepcopy(quick)):
        assert same == built
        assert same.model_fields_set == built.model_fields_set


def test_it_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        unchecked(SetAside, {"kind": "closing", "start": 0, "end": 3}).start = 1  # type: ignore[misc]
