"""What people decided about texts: the rows that a model learns from."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from shared.events import PersonalData, Stance

_MASK = "\N{FULL BLOCK}"  # no letter: no feature is made of it


@dataclass(frozen=True)
class Labelled:
    """A text without personal data (`masked`), its topic groups (the first one foremost; (0,) = outside them) and its stance."""

    text: str
    topics: tuple[int, ...]
    stance: Stance | None = None

    def __post_init__(self) -> None:
        """Raises ValueError when the topics are not one or two different codes, or 0 beside another."""
        if not 1 <= len(self.topics) <= 2 or len(set(self.topics)) < len(self.topics) or min(self.topics) < 0:
            raise ValueError(f"topics {list(self.topics)}: one or two different codes")
        if len(self.topics) == 2 and 0 in self.topics:
            raise ValueError(f"topics {list(self.topics)}: 0 (outside the groups) stands alone")


def masked(text: str, pii: Iterable[PersonalData], start: int = 0) -> str:
    """The text with every span of personal data blotted out; the spans count from `start` characters before the text.

    A model's vocabulary is made of its rows' words: a name left in would be published with every artifact.
    """
    letters = list(text)
    for span in pii:
        for at in range(max(span.start - start, 0), min(span.end - start, len(letters))):
            letters[at] = _MASK
    return "".join(letters)


def in_order(rows: Iterable[Labelled]) -> list[Labelled]:
    """The rows in the one order that a model is trained in, however they came."""
    return sorted(rows, key=_sort_key)


def digest(rows: Iterable[Labelled]) -> str:
    """64 hex digits, the same for the same rows in any order."""
    hashed = sha256()
    for row in in_order(rows):
        hashed.update(repr(_sort_key(row)).encode("utf-8", "backslashreplace"))
    return hashed.hexdigest()


def _sort_key(row: Labelled) -> tuple[str, tuple[int, ...], str]:
    return row.text, row.topics, row.stance.value if row.stance else ""
