"""One text of what was written and what the files say, each file's part an exact span of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.attachments import File
from shared.events import Reading

_BETWEEN = "\n\n"  # a blank line: nobody's words are added


@dataclass(frozen=True)
class Assembled:
    """`spans` run parallel to `files`: where the file's text stands in `text` (code points); None when it has none there."""

    text: str
    files: tuple[File, ...]
    spans: tuple[tuple[int, int] | None, ...]


def assemble(text: str, files: Sequence[File], *, limit: int) -> Assembled:
    """Joins them in order; a file whose text would go over `limit` bytes of UTF-8 is marked `too_long` and left to people."""
    size, length = len(text.encode()), len(text)
    parts = [text] if text else []
    kept: list[File] = []
    spans: list[tuple[int, int] | None] = []
    for file in files:
        if file.reading is not Reading.TEXT:
            kept.append(file)
            spans.append(None)
            continue
        gap = len(_BETWEEN) if parts else 0
        added = gap + len(file.text.encode())
        if size + added > limit:
            kept.append(file.model_copy(update={"reading": Reading.TOO_LONG, "text": ""}))
            spans.append(None)
            continue
        spans.append((length + gap, length + gap + len(file.text)))
        kept.append(file)
        parts.append(file.text)
        size, length = size + added, length + gap + len(file.text)
    return Assembled(_BETWEEN.join(parts), tuple(kept), tuple(spans))
