"""A draft as the page shows it: pages, numbered lines, and an anchor for every section so that it can be linked. Pure."""

from dataclasses import dataclass

from shared.consultation import DraftDocument, Section
from shared.draft_text import DraftText
from shared.text import fold


@dataclass(frozen=True)
class Line:
    """A printed line; `anchor` is set where a section begins."""

    number: int
    text: str
    anchor: str | None = None


@dataclass(frozen=True)
class PageView:
    """A page and the sections that begin on it."""

    number: int
    anchor: str
    lines: tuple[Line, ...]
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A section and where its link leads."""

    ref: str
    shown: str  # the ref as people see it
    title: str
    page: int
    anchor: str
    depth: int


@dataclass(frozen=True)
class DraftView:
    """One draft document, its current version."""

    id: str
    title: str
    version: int
    published_on: str
    pages: tuple[PageView, ...]
    places: tuple[Place, ...]


def view(draft: DraftDocument, text: DraftText) -> DraftView:
    """Finds each section's heading on its page; a section whose heading is not found there leads to the top of the page."""
    version = draft.current
    anchors: dict[tuple[int, int], str] = {}
    places: list[Place] = []
    for section in version.sections:
        at = _heading(section, text, set(anchors))
        anchor = f"{draft.id}-muc-{section.ref}" if at else f"{draft.id}-trang-{section.page}"
        if at:
            anchors[at] = anchor
        places.append(
            Place(
                section.ref, section.shown, section.title, at[0] if at else section.page, anchor, section.ref.count(".")
            )
        )
    pages = tuple(
        PageView(
            page.number,
            f"{draft.id}-trang-{page.number}",
            tuple(Line(number, line, anchors.get((page.number, number))) for number, line in page.numbered()),
            tuple(place.title for place in places if place.page == page.number),
        )
        for page in text.pages
    )
    return DraftView(draft.id, draft.title, version.version, version.published_on.isoformat(), pages, tuple(places))


def _heading(section: Section, text: DraftText, taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Page and line of the heading: the first free line that ends with the section's title or begins it (long titles wrap)."""
    title = fold(section.title)
    for page in text.pages[section.page - 1 : section.page]:
        for number, line in page.numbered():
            folded = fold(line)
            unnumbered = folded.partition(" ")[2]
            wrapped = any(len(begin) > 20 and title.startswith(begin) for begin in (folded, unnumbered))
            if (page.number, number) not in taken and (folded.endswith(title) or wrapped):
                return page.number, number
    return None
