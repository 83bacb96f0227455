"""Faults of an input: which field, and why, in words for the citizen. The HTTP edge turns them into problem+json or a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from shared.errors import Permanent
from shared.field_reasons import reason_of


@dataclass(frozen=True)
class Fault:
    """One wrong field: its JSON path (`respondent.email`, `attachments[0].filename`) and the reason in Vietnamese."""

    field: str
    reason: str


class Refused(Permanent):
    """Base: the sender must change something; nothing has been accepted."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{f.field}: {f.reason}" for f in faults))
        self.faults = tuple(faults)


class Faults(Refused):
    """Fields that break a rule (422)."""


class TooLarge(Refused):
    """A part is over its limit (413)."""

    def __init__(self, fault: Fault) -> None:
        super().__init__((fault,))


class KeyReused(Refused):
    """The idempotency key was used for another content (409)."""


class NotAllowed(Refused):
    """The channel needs an operator (403)."""


def from_validation(error: ValidationError) -> list[Fault]:
    """Pydantic's findings, each in Vietnamese; the input itself is never repeated."""
    return [
        Fault(path(fault["loc"]), reason_of(fault)) for fault in error.errors(include_url=False, include_input=False)
    ]


def path(loc: Sequence[str | int]) -> str:
    """`("attachments", 0, "filename")` as `attachments[0].filename`; the whole body is `(body)`. Unprintable names are escaped."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{_printable(part)}"
    return text or "(body)"


def _printable(name: str) -> str:
    return (name if name.isprintable() else ascii(name)[1:-1])[:100]
