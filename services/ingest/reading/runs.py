"""Paragraphs as runs of one font each -> text. Here legacy fonts become Unicode."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from services.ingest.reading import legacy_fonts
from services.ingest.reading.legacy_fonts import Decoder

Run = tuple[str, str | None]  # text and font
_CHANGED = {
    **dict.fromkeys(map(ord, "\u00ad\u200b\ufeff")),
    **dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf0fc\uf02d"), "-"),  # bullets of symbol fonts
    **dict.fromkeys(map(ord, "\u2028\u2029\f\v\x85\x1c\x1d\x1e"), "\n"),
}
_LIST_MARK = re.compile(r"^ *([-•–+*\uf0b7\uf0a7\uf0d8]|\(?[0-9A-Za-z.]{1,8}[.)]) *\t", re.MULTILINE)


def text_of(lines: Iterable[Sequence[Run]]) -> str:
    """Lines joined, NFC, no characters that no text may hold, no blank lines in a row, none at the ends."""
    grouped = [_groups(runs) for runs in lines]
    # What no font explains is judged together: one heading says too little by itself.
    unknown = legacy_fonts.guess("\n".join(text for groups in grouped for text, reads in groups if reads is None))
    read = ("".join(_read(text, reads or unknown) for text, reads in groups) for groups in grouped)
    return clean(_LIST_MARK.sub(r"\1 ", "\n".join(line.strip(" \t") for line in read)))


def clean(text: str) -> str:
    """The form in which a file's text leaves the process apart."""
    same = legacy_fonts.mend(text).replace("\r\n", "\n").replace("\r", "\n").translate(_CHANGED)
    whole = unicodedata.normalize("NFC", "".join("\ufffd" if _refused(c) else c for c in same))
    lines = [line.rstrip() for line in whole.split("\n")]
    return "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before).strip("\n")


def _refused(c: str) -> bool:
    return (c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff" or c == "\x7f"


def _groups(runs: Sequence[Run]) -> list[tuple[str, Decoder | None]]:
    """Runs read alike are joined: a VNI letter may be split between two."""
    return [
        ("".join(text for text, _ in group), reads)
        for reads, group in groupby(runs, key=lambda run: legacy_fonts.decoder(run[1]))
    ]


def _read(text: str, reads: Decoder | None) -> str:
    return reads(text) if reads and not legacy_fonts.is_unicode(text) else text
