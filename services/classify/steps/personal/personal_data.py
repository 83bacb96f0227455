"""Spans of personal data inside a text, to be masked in every output: better one mask too many than one too few."""

from services.classify.steps.personal.addresses import CUE, addresses
from services.classify.steps.personal.cased import cased
from services.classify.steps.personal.contacts import contacts, may_reach
from services.classify.steps.personal.names import may_stand, names
from services.classify.steps.view import View
from shared.events import PersonalData

_CUED = CUE.bits
MAX_SPANS = 100  # beyond it one span covers the rest, so that an event keeps a bounded size and nothing shows


def personal_data(seen: View, start: int, end: int) -> tuple[PersonalData, ...]:
    """Spans in `seen.text`, in order, not overlapping; kinds: phone email id_number bank_account name address (various: several)."""
    candidates = list(contacts(seen, start, end)) if may_reach(seen, start, end) else []
    named = may_stand(seen, start, end)
    if named or not (seen.whole & _CUED != _CUED or CUE.silent(seen, start, end)):
        text = cased(seen)
        persons = list(names(seen, text, start, end)) if named else []
        candidates += ((*span, "name") for span in persons)
        candidates += ((*span, "address") for span in addresses(seen, text, start, end, persons))
    if not candidates:
        return ()
    found: list[tuple[int, int, str]] = []
    for begin, stop, kind in sorted(candidates, key=lambda c: (c[0], -c[1])):
        if not found or begin >= found[-1][1]:
            found.append((begin, stop, kind))
        elif stop > found[-1][1]:
            found[-1] = (found[-1][0], stop, found[-1][2])
    if len(found) > MAX_SPANS:
        found[MAX_SPANS - 1 :] = [(found[MAX_SPANS - 1][0], found[-1][1], "various")]
    spans = ((kind, seen.original(begin, stop)) for begin, stop, kind in found)
    return tuple(PersonalData(kind=kind, start=span[0], end=span[1]) for kind, span in spans)
