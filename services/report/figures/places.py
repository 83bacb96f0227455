"""What a stance is about, a draft or a section of it, as the report names it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.consultation import Consultation, DraftDocument

WHOLE = "Không nêu dự thảo"
NO_DRAFT = "Dự thảo không có trong danh mục"
NO_SECTION = "mục không có trong dự thảo hiện hành"
Place = tuple[int, int]  # in the order of the definition; unknown ones after the known, what names no draft last


@dataclass(frozen=True)
class Places:
    """The drafts and sections of a consultation, by which stances are added up.

    What the definition does not know is added up under one name: the words of strangers do not become rows of an official report.
    """

    drafts: tuple[DraftDocument, ...]

    def of(self, draft_id: str | None, section_ref: str | None) -> Place:
        """Where it belongs; -1: the draft as a whole. A section may be named `draft:section`."""
        draft, _, section = (section_ref or "").rpartition(":")
        named = draft or draft_id or self._only(section)
        if named is None:
            return (len(self.drafts) + 1, -1)
        at = next((n for n, known in enumerate(self.drafts) if known.id == named), None)
        if at is None:
            return (len(self.drafts), -1)
        if not section:
            return (at, -1)
        refs = [known.ref for known in self.drafts[at].current.sections]
        return (at, refs.index(section) if section in refs else len(refs))

    def label(self, place: Place) -> str:
        """In Vietnamese."""
        draft, section = place
        if draft >= len(self.drafts):
            return NO_DRAFT if draft == len(self.drafts) else WHOLE
        found = self.drafts[draft]
        if section < 0:
            return found.title
        sections = found.current.sections
        name = f"Mục {sections[section].shown}. {sections[section].title}" if section < len(sections) else NO_SECTION
        return f"{found.title}, {name}" if len(self.drafts) > 1 else name[:1].upper() + name[1:]

    def _only(self, section: str) -> str | None:
        """The draft that is meant when none is named: the only one, or the only one with such a section."""
        if len(self.drafts) == 1:
            return self.drafts[0].id
        having = [d.id for d in self.drafts if section and section in {s.ref for s in d.current.sections}]
        return having[0] if len(having) == 1 else None


def places_of(consultation: Consultation) -> Places:
    """Of one consultation."""
    return Places(consultation.drafts)


def in_order(places: Iterable[Place]) -> list[Place]:
    """Each once, in the order of the definition."""
    return sorted(set(places))
