"""Spans of personal data inside a text, to be masked in every output: better one mask too many than one too few."""

import re
from collections.abc import Iterator

from services.classify.steps.view import Rule, View, words
from shared.events import PersonalData

MAX_SPANS = 100  # beyond it one span covers the rest, so that an event keeps a bounded size and nothing shows

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\s?84|\(\+84\)|84|0)[ .-]?(?:\(0\))?(?:[35789](?:[ .-]?\d){8}|2(?:[ .-]?\d){8,9})(?!\d|[.,/]\d)"
)
_CITIZEN_ID = re.compile(r"(?<!\d)0\d{2}[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?!\d)")
_ID_AFTER_CUE = Rule(
    words("cccd, cmnd, cmtnd, cmt, căn cước, căn cước công dân, chứng minh nhân dân, chứng minh thư")
    + r"[^\d\n]{0,20}(\d[\d .]{7,16}\d)(?!\d)"
)
_ACCOUNT_AFTER_CUE = Rule(
    words("stk, số tài khoản, tài khoản, số tk, tk ngân hàng") + r"[^\d\n]{0,30}(\d[\d .-]{4,24}\d)(?!\d)"
)


def personal_data(seen: View, start: int, end: int) -> tuple[PersonalData, ...]:
    """Spans in `seen.text`, in order, not overlapping; the kind is phone, email, id_number or bank_account."""
    found: list[tuple[int, int, str]] = []
    for begin, stop, kind in sorted(_candidates(seen, start, end), key=lambda c: (c[0], -c[1])):
        if not found or begin >= found[-1][1]:
            found.append((begin, stop, kind))
        elif stop > found[-1][1]:
            found[-1] = (found[-1][0], stop, found[-1][2])
    if len(found) > MAX_SPANS:
        found[MAX_SPANS - 1 :] = [(found[MAX_SPANS - 1][0], found[-1][1], "various")]
    spans = ((kind, seen.original(begin, stop)) for begin, stop, kind in found)
    return tuple(PersonalData(kind=kind, start=span[0], end=span[1]) for kind, span in spans)


def _candidates(seen: View, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    text = seen.plain
    if text.find("@", start, end) >= 0:
        yield from ((*m.span(), "email") for m in _EMAIL.finditer(text, start, end))
    yield from ((*m.span(), "phone") for m in _PHONE.finditer(text, start, end))
    yield from ((*m.span(), "id_number") for m in _CITIZEN_ID.finditer(text, start, end))
    yield from ((*m.span(1), "id_number") for m in _ID_AFTER_CUE.of(seen).finditer(seen.matched, start, end))
    yield from ((*m.span(1), "bank_account") for m in _ACCOUNT_AFTER_CUE.of(seen).finditer(seen.matched, start, end))
