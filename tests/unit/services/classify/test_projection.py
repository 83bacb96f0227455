"""The past comes back from classify's own events."""

from services.classify.decide import as_duplicate, decide
from services.classify.model import build_model
from services.classify.projection import ORIGINALS, RESULTS, SOURCES, fold, result_document, result_of
from shared.delivery import Delivery
from shared.events import Event, OpinionAnswered
from shared.store.port import Merge
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT, received, submission_id

MODEL = build_model(small_consultation())


def delivery(event: Event) -> Delivery[Event]:
    return Delivery(event, 1, AT)


def test_a_counted_submission_comes_back_as_result_and_original() -> None:
    event = decide(received(person="p"), MODEL, b"k")
    assert event.duplicate_key is not None
    result, original, *_ = fold(delivery(event))
    assert isinstance(result, Merge)
    assert (result.collection, result.id, result.fields) == (
        RESULTS,
        submission_id(1),
        {"event": event.model_dump(mode="json")},
    )
    assert original == Merge(ORIGINALS, event.duplicate_key, {"submission_id": submission_id(1)})


def test_a_duplicate_never_becomes_an_original() -> None:
    event = as_duplicate(decide(received(person="p"), MODEL, b"k"), submission_id(7))
    assert ORIGINALS not in [change.collection for change in fold(delivery(event))]


def test_a_revision_stands_beside_the_former_and_the_highest_is_read() -> None:
    first = decide(received(), MODEL, b"k")
    second = first.model_copy(update={"revision": 2})
    assert result_of(result_document(second) | result_document(first)) == second


def test_of_a_received_submission_only_its_place_in_the_stream_is_kept() -> None:
    (source,) = fold(Delivery(received(stance="agree"), 7, AT))
    assert source == Merge(SOURCES, submission_id(1), {"consultation": "thu-nghiem", "seq": 7, "stance": "agree"})


def test_other_events_change_nothing() -> None:
    answered = OpinionAnswered(
        consultation="thu-nghiem",
        answer_id="a",
        submission_id=submission_id(1),
        opinion_id=f"{submission_id(1)}-1",
        decision="accept",
        text="Tiếp thu.",
        answered_at=AT,
    )
    assert fold(delivery(answered)) == ()
