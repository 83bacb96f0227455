"""What kind of part each piece is that was set aside; "courtesy" where nothing tells."""

import re
from collections.abc import Iterator
from typing import Literal

from services.classify.pointer import FILES, is_pointer
from services.classify.steps.splitting.courtesies import aside_of, trimmed
from services.classify.steps.splitting.formulas import is_formula
from services.classify.steps.splitting.quoted_mail import begins_quote
from services.classify.steps.splitting.signatures import is_name
from services.classify.steps.view import View
from shared.text import fold

AsideKind = Literal["salutation", "closing", "signature", "heading", "quote", "pointer", "courtesy"]
_LONGEST_POINTER = 40
_POINTER = re.compile(
    r"(?:noi dung |y kien )?(?:xem |theo )?nhu (?:tieu de|chu de|tren)(?: thu| mail| email)?(?: a| nhe| o tren)?"
)
_LONGEST_POINTING = 120
_SENT_ALONG = ("kèm", "kem", "đính", "dinh", "file", "tệp", "tep", "ảnh ", "anh ", "scan", "chụp", "chup", "attach")
_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_SENTENCE = re.compile(r"[.!?…](?=\s)")


def points_to_subject(plain: str, start: int, end: int) -> bool:
    """ "Như tiêu đề ạ.", below a mail's subject that is the opinion."""
    if end - start > _LONGEST_POINTER or ((first := plain[start]) not in "nxty" and "a" <= first <= "z"):
        return False
    return _POINTER.fullmatch(fold(plain[start:end])) is not None


def only_points(seen: View, start: int, end: int) -> bool:
    """ "Tôi xin gửi kèm ảnh chụp.": says only where something else stands; or, in a mail, "Như tiêu đề ạ."."""
    if end - start > _LONGEST_POINTING:
        return False
    if points_to_subject(seen.plain, start, end):
        return True
    if FILES.silent(seen, start, end):
        return False
    return _sent_along(seen.plain, start, end) and is_pointer(seen.text[slice(*seen.original(start, end))])


def _sent_along(plain: str, start: int, end: int) -> bool:
    for word in _SENT_ALONG:  # noqa: SIM110 - a generator costs twice the search
        if plain.find(word, start, end) >= 0:
            return True
    return False


def asides(seen: View, start: int, end: int, *, last: bool) -> Iterator[tuple[AsideKind, int, int]]:
    """The parts of a gap between opinions, line by line; `last` tells that no opinion follows. Lines of one kind are one part."""
    start, end = trimmed(seen.plain, start, end)
    if seen.plain.find("\n", start, end) >= 0 and is_formula(seen, start, end):
        yield "closing", start, end  # broken by a mail program
        return
    kind: AsideKind | None = None
    begin = stop = start
    for first, after in _pieces(seen.plain, start, end):
        its = _kind(seen, first, after, last=last)
        if its != kind:
            if kind is not None:
                yield kind, begin, stop
            kind, begin = its, first
        stop = after
    if kind is not None:
        yield kind, begin, stop


def _pieces(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines, and the sentences of a line, without the white space around them."""
    for line in _LINE.finditer(plain, start, end):
        at = line.start()
        for stop in [*_SENTENCE.finditer(plain, *line.span()), None]:
            first, after = trimmed(plain, at, line.end() if stop is None else stop.end())
            if first < after:
                yield first, after
            at = after


def _kind(seen: View, start: int, end: int, *, last: bool) -> AsideKind:
    if seen.plain[start] == ">" or begins_quote(seen, start, end):
        return "quote"
    if only_points(seen, start, end):
        return "pointer"
    if is_name(seen, start, end):
        return "signature"
    return aside_of(seen, start, end, last=last)
