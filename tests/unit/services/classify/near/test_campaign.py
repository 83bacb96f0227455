"""A form letter is told by its text alone: most of a submission's characters repeat one earlier submission."""

from services.classify.near.campaign import campaign
from shared.events import Opinion
from tests.unit.services.classify.near.samples import first, opinion
from tests.unit.services.classify.samples import submission_id

LONG, SHORT = "a" * 100, "b" * 20


def twin(n: int, text: str, of: str | None) -> Opinion:
    return opinion(first(9, n), text).model_copy(update={"same_as": of})


def test_the_submission_repeated_most_is_named() -> None:
    opinions = [twin(1, LONG, first(1)), twin(2, LONG, first(1, 2)), twin(3, LONG, first(2)), twin(4, SHORT, None)]
    assert campaign(submission_id(9), opinions) == submission_id(1)


def test_half_is_not_most_and_a_sentence_is_no_letter() -> None:
    assert campaign(submission_id(9), [twin(1, LONG, first(1)), twin(2, LONG, None)]) is None
    assert campaign(submission_id(9), [twin(1, SHORT, first(1))]) is None
    assert campaign(submission_id(9), []) is None


def test_repeating_oneself_is_no_campaign() -> None:
    assert campaign(submission_id(9), [twin(1, LONG, None), twin(2, LONG, first(9))]) is None
