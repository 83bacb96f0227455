"""Cited units against one draft: the deepest section that surely holds the cited place.

Headings decide before pages: page numbers move with the paper a draft was printed on, headings do not. A page and line that lie
inside the cited heading make it more precise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.classify.drafts.document import Document
from services.classify.drafts.labels import comparable
from services.classify.drafts.numbers import LAST, span
from shared.text import fold

_MARK = re.compile(r"(?:\d{1,2}|[a-zđ]|[ivxIVX]{1,5})[.)]\s|[-–+•*]\s")  # a line that begins a paragraph
_DASH = re.compile(r"[-–+•*]\s")
_SENTENCE_END = re.compile(r"[.;:!?”\"]$")
_PREFACE = frozenset(("loi noi dau", "loi mo dau", "mo dau"))


@dataclass(frozen=True)
class Where:
    """A cited place: own ref of its section, and first and last line when the page map gives them."""

    section: str | None
    lines: tuple[int, int, int, int] | None = None  # page, line, page, line


_NOWHERE = Where(None)


def where(document: Document, units: Mapping[str, str | None], *, from_bottom: bool = False) -> Where:
    """The place that units name in a draft; `section` is None when it is not certain or not there."""
    if units.get("phuluc") or units.get("bieu"):
        return Where(
            _labelled(document, "phuluc", units.get("phuluc")) or _labelled(document, "bieu", units.get("bieu"))
        )
    named = any(units.get(key) for key in _HEADINGS) or bool(units.get("loinoidau"))
    heading = _heading(document, units)
    lines = _lines(document, units, from_bottom) if units.get("trang") else None
    printed = document.section_of_lines(*lines) if lines else None
    if not named:
        return Where(printed, lines)
    if heading is None:
        return _NOWHERE
    if printed is not None and document.holds(heading, printed):
        return Where(printed, lines)
    return Where(heading)


def passage_lines(
    document: Document, units: Mapping[str, str | None], place: Where
) -> tuple[int, int, int, int] | None:
    """First and last page and line of the very passage that units name: of a whole section, those of its heading.

    None where what is cited is more exact than what was found: a khoản of an article that is no section of its own.
    """
    if place.lines is not None:
        first, _, last, _ = place.lines
        smaller = first == last and any(units.get(key) for key in ("dong", "doan", "gach"))
        whole_page = smaller and place.lines == (first, 1, first, document.lines_on(first))
        return None if whole_page or document.lines_on(last) is None else place.lines
    if place.section is None or any(units.get(key) for key in ("trang", "dong", "doan", "gach")):
        return None
    if (cited := [key for key in _HEADINGS if units.get(key)]) and not _is_itself(
        document, units, cited, place.section
    ):
        return None
    start = next((start for start in document.starts if start.ref == place.section), None)
    return (start.page, start.line, start.page, start.line) if start is not None and start.sure else None


def _is_itself(document: Document, units: Mapping[str, str | None], cited: list[str], section: str) -> bool:
    """Whether the lowest unit cited names the section itself, not something in it that is no section."""
    lowest = (units[cited[-1]] or "").upper()
    if _heading(document, {key: units[key] for key in cited[:-1]}) == section:
        return False
    return "." not in lowest or section.rpartition(".")[2] == lowest.rpartition(".")[2]


_HEADINGS = ("phan", "chuong", "muc", "tieumuc", "dieu", "khoan", "diem")


def _heading(document: Document, units: Mapping[str, str | None]) -> str | None:
    """The section on the path of headings: as deep as the draft's own sections go."""
    if units.get("loinoidau"):
        return next((ref for ref, s in document.sections.items() if fold(s.title) in _PREFACE), None)
    at: str | None = None
    for key in _HEADINGS:
        value = units.get(key)
        if not value:
            continue
        found = _step(document, at, key, value)
        if found is None:
            return at
        at = found
    return at


def _step(document: Document, at: str | None, key: str, value: str) -> str | None:
    """The section one unit further down from `at`, or (without it) the one that the unit names alone."""
    labelled = _labelled(document, key, value)
    if labelled is not None and (at is None or document.holds(at, labelled)):
        return labelled
    ref = value.upper()
    known = document.by_upper
    if at is None:
        if key in ("dieu", "chuong"):  # an article or chapter is not a section of the same number
            return None
        return known.get(ref) or _shortened(known, ref)
    below = known.get(f"{at}.{ref}".upper())
    if below is not None:
        return below
    alone = known.get(ref) or (_shortened(known, ref) if "." in ref else None)
    return alone if alone is not None and alone != at and document.holds(at, alone) else None


def _shortened(known: Mapping[str, str], ref: str) -> str | None:
    """ "V.3" where V is not divided further lies in V; "3.1" alone names nothing."""
    while "." in ref:
        ref = ref.rpartition(".")[0]
        if ref in known and not ref.isdecimal():
            return known[ref]
    return None


def _labelled(document: Document, key: str, value: str | None) -> str | None:
    """The section whose label names this unit and number: "Phần II", "phần 2", "Phần thứ hai"."""
    if not value:
        return None
    return document.by_label.get((key, comparable(value)))


def _lines(document: Document, units: Mapping[str, str | None], from_bottom: bool) -> tuple[int, int, int, int] | None:
    """First and last page and line of what is cited on pages; None when there is no such place."""
    pages = span(units.get("trang") or "")
    if pages is None or pages[0] < 1:
        return None
    first, last = pages
    height = document.lines_on(last)
    if document.draft and (height is None or document.lines_on(first) is None):
        return None
    whole = (first, 1, last, height or 1 << 20)
    if first != last or not any(units.get(key) for key in ("dong", "doan", "gach")):
        return whole
    if height is None:  # no text: only a page that one section fills is certain
        return whole
    if units.get("dong"):
        return _counted([*range(1, height + 1)], units["dong"] or "", first, from_bottom)
    lines = document.draft.pages[first - 1].lines if document.draft else ()
    if units.get("gach"):
        dashes = [at for at, line in enumerate(lines, start=1) if _DASH.match(line)]
        return _counted(dashes, units["gach"] or "", first, from_bottom) or whole
    return _paragraph(lines, units["doan"] or "", first, from_bottom) or whole


def _counted(lines: list[int], value: str, page: int, from_bottom: bool) -> tuple[int, int, int, int] | None:
    """The n-th to m-th of these lines, counted from the top or the bottom."""
    wanted = span(value)
    if wanted is None:
        return None
    if from_bottom:
        lines.reverse()
    picked = [lines[n - 1 if n != LAST else -1] for n in wanted if (n == LAST and lines) or 1 <= n <= len(lines)]
    return (page, min(picked), page, max(picked)) if len(picked) == 2 else None


def _paragraph(lines: tuple[str, ...], value: str, page: int, from_bottom: bool) -> tuple[int, int, int, int] | None:
    """The n-th paragraph, counted with the headings and without them; from the one to the other where they differ."""
    begins = [at for at in range(1, len(lines) + 1) if at == 1 or _begins_paragraph(lines, at)]
    plain = [at for at in begins if not lines[at - 1].isupper()]
    found = [place for some in (begins, plain) if (place := _counted(some, value, page, from_bottom))]
    return (page, min(f[1] for f in found), page, max(f[3] for f in found)) if found else None


def _begins_paragraph(lines: tuple[str, ...], at: int) -> bool:
    line, before = lines[at - 1], lines[at - 2]
    if _MARK.match(line) or line.isupper():
        return True
    return bool(_SENTENCE_END.search(before)) and line[:1].isupper() and len(before) < 0.85 * max(map(len, lines))
