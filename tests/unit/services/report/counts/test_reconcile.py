"""The reconciliation can fail: no state is what is left over."""

from hypothesis import given
from hypothesis import strategies as st

from services.report.counts.reconcile import reconcile
from shared.events import Outcome
from shared.store.port import Key

N = st.integers(0, 1000)


@given(N, st.dictionaries(st.sampled_from([o.value for o in Outcome]), N), N, N)
def test_it_balances_exactly_when_every_classified_submission_was_received(
    pending: int, outcomes: dict[str, int], superseded: int, foreign: int
) -> None:
    decided = sum(outcomes.values())
    states: dict[tuple[Key, ...], int] = {(True, None): pending, (True, True): decided, (None, True): foreign}
    counts: dict[tuple[Key, ...], int] = {(None, o): n for o, n in outcomes.items()} | {(True, "counted"): superseded}
    line = reconcile(states, counts)
    assert line.balanced
    assert line.received == pending + decided
    if foreign:
        counts[None, "counted"] = outcomes.get("counted", 0) + foreign
        assert not reconcile(states, counts).balanced


def test_a_lost_decision_is_seen() -> None:
    line = reconcile({(True, True): 3}, {(None, "counted"): 2})
    assert not line.balanced
