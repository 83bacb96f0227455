"""Which former artifacts go, and when: those that may hold withdrawn words soon, the others when there are enough newer ones."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.classify.retrain.announced import Announced, Former
from services.classify.retrain.artifacts import GRACE, KEPT, due, succeeding
from tests.unit.services.classify.samples import AT

LATER = AT + GRACE


def named(number: int | None, **fields: object) -> Announced:
    sha256 = f"{number:064x}" if number is not None else None
    known = {"consultation": "thu-nghiem", "version": "v", "sha256": sha256, "state": str(number), "rows": 10}
    return Announced.model_validate(known | {"trained_at": AT} | fields)


def former(number: int, gone: int = 0) -> Former:
    return Former(sha256=f"{number:064x}", gone=gone, since=AT)


def test_what_was_announced_becomes_the_newest_former_one() -> None:
    held = named(2, gone=1, former=(former(1),))
    after = succeeding(held, named(3, trained_at=LATER))
    assert after.former == (Former(sha256=f"{2:064x}", gone=1, since=LATER), former(1))
    assert succeeding(None, named(3)).former == ()
    assert succeeding(named(None, former=(former(1),)), named(3)).former == (former(1),)


def test_the_same_artifact_again_is_no_former_one_and_none_is_named_twice() -> None:
    assert succeeding(named(1, former=(former(2),)), named(1)).former == (former(2),)
    assert succeeding(named(2, former=(former(1),)), named(1)).former == (former(2),)
    after = succeeding(named(2, former=(former(3), former(2))), named(4, trained_at=LATER))
    assert [one.sha256 for one in after.former] == [f"{2:064x}", f"{3:064x}"]
    assert after.former[0].since == LATER


def test_what_is_older_than_a_withdrawal_goes_after_the_grace() -> None:
    held = named(3, gone=2, former=(former(2, gone=2), former(1, gone=1)))
    assert due(held, 2, LATER - timedelta(seconds=1)) == ()
    assert due(held, 2, LATER) == (former(1, gone=1),)
    assert due(held, 3, LATER) == held.former


def test_otherwise_the_last_few_stay() -> None:
    held = named(99, former=tuple(former(n) for n in range(KEPT + 2)))
    assert due(held, 0, LATER) == held.former[KEPT - 1 :]
    assert due(named(None, former=held.former), 0, LATER) == held.former[KEPT:]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1)), max_size=30))
def test_nothing_stored_is_ever_unnamed(steps: list[tuple[int, int]]) -> None:
    """Whatever is trained in whatever order: what is stored is what the announcement names, and never more than a few for long."""
    held: Announced | None = None
    stored: set[str] = set()
    gone, now = 0, AT
    for number, withdrawn in steps:
        gone, now = gone + withdrawn, now + GRACE
        new = named(number or None, gone=gone, trained_at=now)
        if new.sha256 is not None:
            stored.add(new.sha256)
        held = succeeding(held, new)
        ended = due(held, gone, now + GRACE)
        stored -= {one.sha256 for one in ended}
        held = held.model_copy(update={"former": tuple(one for one in held.former if one not in ended)})
        assert stored == {one.sha256 for one in held.former} | ({held.sha256} - {None})
        assert len(stored) <= KEPT
        assert all(one.gone == gone for one in held.former)
