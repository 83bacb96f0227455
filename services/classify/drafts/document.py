"""One draft: its lines in one piece of text with the way back to the published file, and its sections by place.

Positions are code points of `text`, the printed lines joined by line breaks without page marks, so that wording is found across
pages. Without a published text only the page map is known: a section is then certain only where none begins on the page.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from services.classify.drafts.headings import headings
from services.classify.drafts.labels import unit_and_number
from services.classify.drafts.wording import Loose, loose
from shared.consultation import DraftDocument, Section
from shared.draft_text import DraftText


@dataclass(frozen=True)
class Start:
    """Where a section begins; `sure` is False when its heading was not found on its page (line 0 then)."""

    page: int
    line: int
    ref: str
    sure: bool


@dataclass(frozen=True)
class Document:
    """A draft's current version. `names`: its own ref -> the ref by which the consultation knows the section."""

    id: str
    version: int
    starts: tuple[Start, ...]
    sections: Mapping[str, Section]
    names: Mapping[str, str]
    draft: DraftText | None

    @cached_property
    def text(self) -> str:
        """All printed lines."""
        return "\n".join(line for page in self.draft.pages for line in page.lines) if self.draft else ""

    @cached_property
    def loose(self) -> Loose:
        """The text as quoted words are compared with."""
        return loose(self.text)

    @cached_property
    def by_upper(self) -> dict[str, str]:
        """Own refs by themselves in capitals."""
        return {ref.upper(): ref for ref in self.sections}

    @cached_property
    def by_label(self) -> dict[tuple[str, str], str]:
        """Own ref of the first section whose label names a unit and number."""
        found: dict[tuple[str, str], str] = {}
        for ref, section in self.sections.items():
            if section.label and (named := unit_and_number(section.label)) is not None:
                found.setdefault(named, ref)
        return found

    @cached_property
    def _line_ends(self) -> list[int]:
        lines = [line for page in self.draft.pages for line in page.lines] if self.draft else []
        return list(accumulate(len(line) + 1 for line in lines))

    @cached_property
    def _file_starts(self) -> list[int]:
        return [start for page in self.draft.pages for start in page.starts] if self.draft else []

    @cached_property
    def _pages_before(self) -> list[int]:
        """Lines before each page."""
        return [0, *accumulate(len(page.lines) for page in self.draft.pages)] if self.draft else [0]

    def lines_on(self, page: int) -> int | None:
        """Printed lines of a page; None when the text is not known or has no such page."""
        return len(self.draft.pages[page - 1].lines) if self.draft and 1 <= page <= len(self.draft.pages) else None

    def position(self, page: int, line: int) -> int:
        """Where a line (1 is the first) begins in `text`; its end for a page behind the last one that was published."""
        if page >= len(self._pages_before):
            return len(self.text)
        index = min(self._pages_before[page - 1] + max(line, 1) - 1, len(self._line_ends))
        return self._line_ends[index - 1] if index else 0

    def in_file(self, position: int) -> int:
        """The same place in the published file."""
        index = min(bisect_right(self._line_ends, position), len(self._line_ends) - 1)
        return self._file_starts[index] + position - (self._line_ends[index - 1] if index else 0)

    def page_and_line(self, position: int) -> tuple[int, int]:
        """The printed place of a position."""
        index = min(bisect_right(self._line_ends, position), len(self._line_ends) - 1)
        page = bisect_right(self._pages_before, index)
        return page, index - self._pages_before[page - 1] + 1

    def section_at(self, page: int, line: int) -> str | None:
        """Own ref of the section that holds the line; None before the first one and where a heading was not found."""
        if page in self._unsure:
            return None
        index = bisect_right(self._places, (page, line))
        return self.starts[index - 1].ref if index else None

    @cached_property
    def _unsure(self) -> frozenset[int]:
        """Pages on which a heading was not found: which lines its section holds is not known there."""
        return frozenset(start.page for start in self.starts if not start.sure)

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return [(start.page, start.line) for start in self.starts]

    def section_of_lines(self, page: int, first: int, last_page: int, last: int) -> str | None:
        """The deepest section (by its ref: III.2 lies in III) that surely holds all these lines."""
        if any(page <= unsure <= last_page for unsure in self._unsure):
            return None
        held = self.section_at(page, first)
        after, stop = bisect_right(self._places, (page, first)), bisect_right(self._places, (last_page, last))
        for start in self.starts[after:stop]:
            while held is not None and start.ref != held and not start.ref.startswith(held + "."):
                held = held.rpartition(".")[0] or None
        return held

    def extent(self, ref: str) -> tuple[int, int] | None:
        """Where a section begins and ends in `text`, what lies in it included; None when that is not known."""
        index = next((i for i, start in enumerate(self.starts) if start.ref == ref), None)
        if index is None or not self.draft:
            return None
        after = next((s for s in self.starts[index + 1 :] if not self.holds(ref, s.ref)), None)
        first = self.starts[index]
        begin = self.position(first.page, first.line)
        return begin, max(begin, self.position(after.page, after.line) if after else len(self.text))

    def holds(self, outer: str, inner: str) -> bool:
        """Whether a section lies in another: III.2 in III, and Mục III in the Phần that it follows."""
        if inner == outer or inner.startswith(outer + "."):
            return True
        kind = label_kind(self.sections[outer])
        if kind is None or label_kind(self.sections[inner]) == kind or "." in outer:
            return False
        order = [start.ref for start in self.starts]
        between = order[order.index(outer) + 1 : order.index(inner) + 1] if inner in order else []
        return bool(between) and all(label_kind(self.sections[ref]) != kind for ref in between)


def label_kind(section: Section) -> str | None:
    """The first word of a label: "Phần thứ nhất" is a Phần."""
    return section.label.split()[0].casefold() if section.label and section.label.split() else None


def document(draft: DraftDocument, text: DraftText | None, names: Mapping[str, str]) -> Document:
    """The index of a draft's current version."""
    version = draft.current
    starts = tuple(Start(*place) for place in headings(version.sections, text))
    return Document(draft.id, version.version, starts, {s.ref: s for s in version.sections}, names, text)
