"""The reconciliation of submissions, pure: every state is counted on its own, so that the check can really fail.

`received` and `pending` come from what ingest published, the outcomes from what classify published. A submission that
was classified without ever having been received therefore breaks the balance instead of hiding in a subtraction.
"""

from collections.abc import Mapping

from shared.events import Outcome, Reconciliation
from shared.store.port import Key

Counts = Mapping[tuple[Key, ...], int]


def reconcile(states: Counts, outcomes: Counts) -> Reconciliation:
    """`states`: (registered, classified) -> submissions; `outcomes`: (superseded, outcome) -> decisions."""

    def decided(outcome: Outcome) -> int:
        return sum(n for (superseded, value), n in outcomes.items() if not superseded and value == outcome.value)

    return Reconciliation(
        received=sum(n for (registered, _), n in states.items() if registered),
        pending=sum(n for (registered, classified), n in states.items() if registered and not classified),
        counted=decided(Outcome.COUNTED),
        duplicate=decided(Outcome.DUPLICATE),
        unreadable=decided(Outcome.UNREADABLE),
        referred=decided(Outcome.REFERRED),
    )
