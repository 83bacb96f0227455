"""The corpus of mails in tests/unit/services/ingest/mail/corpus: every mail as on the wire, with what it becomes."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parents[1] / "unit/services/ingest/mail/corpus"
OWN_ADDRESS = "gopy@tinhuy.example"  # the mailbox all mails of the corpus were sent to
OWN_ADDRESSES = frozenset({OWN_ADDRESS})


@dataclass(frozen=True)
class CorpusMail:
    """One mail; `expected` holds the asserted fields only (see corpus/README.md)."""

    name: str
    raw: bytes
    features: tuple[str, ...]
    expected: dict[str, Any]

    @property
    def return_path(self) -> str | None:
        """The envelope sender, where the mail's way in knows it (SMTP); None elsewhere."""
        value = self.expected.get("return_path")
        return None if value is None else str(value)

    @property
    def is_letter(self) -> bool:
        """A person's mail with words or files in it: what demo and kill tests can send and count."""
        return self.expected.get("automatic") is None and bool(self.expected.get("text") or self.expected.get("files"))


@cache
def mails() -> tuple[CorpusMail, ...]:
    """All mails, by name. Raises FileNotFoundError for a mail without expectations, ValueError for an empty corpus."""
    found = tuple(_load(path) for path in sorted(FOLDER.glob("*.eml")))
    if not found:
        raise ValueError(f"no mails in {FOLDER}")
    return found


def mail(name: str) -> CorpusMail:
    """One mail by its file name without ending. Raises KeyError."""
    return {one.name: one for one in mails()}[name]


def _load(path: Path) -> CorpusMail:
    expected = YAML(typ="safe", pure=True).load(path.with_suffix(".yaml").read_text("utf-8"))
    return CorpusMail(path.stem, path.read_bytes(), tuple(expected["features"]), expected)
