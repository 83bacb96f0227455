"""The past comes back from classify's own events."""

from services.classify.decide import as_duplicate, decide
from services.classify.model import build_model
from services.classify.projection import ORIGINALS, RESULTS, fold
from shared.delivery import Delivery
from shared.events import Event
from shared.store.port import Merge
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT, received, submission_id

MODEL = build_model(small_consultation())


def delivery(event: Event) -> Delivery[Event]:
    return Delivery(event, 1, AT)


def test_a_counted_submission_comes_back_as_result_and_original() -> None:
    event = decide(received(person="p"), MODEL, b"k")
    assert event.duplicate_key is not None
    result, original = fold(delivery(event))
    assert isinstance(result, Merge)
    assert (result.collection, result.id, result.fields) == (
        RESULTS,
        submission_id(1),
        {"event": event.model_dump(mode="json")},
    )
    assert original == Merge(ORIGINALS, event.duplicate_key, {"submission_id": submission_id(1)})


def test_a_duplicate_never_becomes_an_original() -> None:
    event = as_duplicate(decide(received(person="p"), MODEL, b"k"), submission_id(7))
    assert [change.collection for change in fold(delivery(event))] == [RESULTS]


def test_other_events_change_nothing() -> None:
    assert fold(delivery(received())) == ()
