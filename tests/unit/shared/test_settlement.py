"""Settlement's decision: by the kind of failure and the attempt alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.errors import Permanent, Transient
from shared.events import Reconciliation
from shared.settlement import DEFAULT, DeadLetter, Done, Retry, decide, reason_of


def test_no_error_is_done() -> None:
    assert decide(None, 3) == Done()


def test_the_pauses_grow_and_the_sixth_failure_is_the_last() -> None:
    answers = [decide(Transient("away"), n) for n in range(1, 7)]
    assert answers == [*(Retry(s) for s in (1, 5, 30, 120, 600)), DeadLetter("Transient: away")]


def test_a_permanent_failure_is_never_tried_again() -> None:
    assert decide(Permanent("no such unit"), 1) == DeadLetter("Permanent: no such unit")


@given(st.integers(min_value=1, max_value=10_000))
def test_every_attempt_has_an_answer(attempt: int) -> None:
    answer = decide(ValueError(), attempt)
    assert isinstance(answer, DeadLetter) == (attempt >= DEFAULT.attempts)


def test_the_text_of_a_foreign_error_is_not_kept_for_it_may_quote_a_citizen() -> None:
    try:
        int("lời của công dân")
    except ValueError as error:
        reason = reason_of(error)
    assert reason.startswith("ValueError in test_settlement.py:")
    assert "công dân" not in reason


def test_a_validation_error_names_its_fields_only() -> None:
    with pytest.raises(ValidationError) as caught:
        Reconciliation.model_validate({"received": "lời của công dân"})
    assert reason_of(caught.value) == "ValidationError: received: int_parsing"


def test_an_error_that_was_never_raised_has_a_reason_too() -> None:
    assert reason_of(KeyError("x")) == "KeyError"
