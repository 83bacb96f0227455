"""A mail's text as lines that know where they stand: quoted how deep, in a signature, beside which pictures."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from shared import text as texts


class Kind(Enum):
    """What the mail's HTML says a line is; plain text says nothing."""

    TEXT = auto()
    ATTRIBUTION = auto()  # "On ... wrote:"
    HISTORY = auto()  # from here on an older mail
    FORWARD = auto()  # from here on a forwarded mail
    SIGNATURE = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """`depth`: how deep it is quoted. `sure`: a quoting element of HTML says so, not a mere ">"."""

    text: str
    depth: int = 0
    sure: bool = False
    kind: Kind = Kind.TEXT
    cids: tuple[str, ...] = ()  # pictures in this line
    typed: str | None = None  # as it stood, with its ">"; None: the same as `text`

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def empty(self) -> bool:
        return self.blank and not self.cids


BLANK = Line("")


def plain(text: str, room: int) -> list[Line]:
    """Unformatted text: a leading ">" tells the depth. What is behind `room` lines is one line, kept as it stands."""
    split = clean(text).split("\n", room)
    return [*(_plain(line) for line in split[:room]), *map(Line, split[room:])]


def _plain(line: str) -> Line:
    bare, depth = unquoted(line)
    return Line(bare.rstrip(), depth, typed=line.rstrip()) if depth else Line(line.rstrip())


def unquoted(line: str) -> tuple[str, int]:
    """The line without its ">" marks, and how many there were; one blank after each mark belongs to it."""
    depth = at = 0
    while at < len(line):
        if line[at] == ">":
            depth += 1
            at += 1
        elif line[at] == " " and depth and at + 1 < len(line) and line[at + 1] == ">":
            at += 1
        else:
            break
    if not depth:
        return line, 0
    return line[at + 1 :] if line[at : at + 1] == " " else line[at:], depth


def clean(text: str) -> str:
    r"""NFC, `\n`, without NUL and other characters that show nothing; a no-break space as a space."""
    joined = texts.normalise(text.translate(_DROPPED))
    return joined.encode("utf-8", "replace").decode()


_DROPPED: dict[int, str | None] = {code: None for code in range(32) if code not in (9, 10, 13)}
_DROPPED |= {
    0x7F: None,
    0x200B: None,
    0xFEFF: None,
    0xA0: " ",
    0x0B: "\n",
    0x0C: "\n",
    0x85: "\n",
}  # not U+00AD: it is "ư" in TCVN3


def within(found: list[Line], room: int) -> list[Line]:
    """The lines, those behind `room` as one that is kept as it stands."""
    if len(found) <= room:
        return found
    rest = found[room:]
    return [
        *found[:room],
        Line("\n".join(line.text for line in rest), cids=tuple(cid for line in rest for cid in line.cids)),
    ]


def render(lines: Iterable[Line]) -> str:
    """The text of the lines; runs of blank lines as one, none at either end."""
    out: list[str] = []
    for line in lines:
        text = (line.text if line.typed is None else line.typed).rstrip()
        if text or (out and out[-1]):
            out.append(text)
    return unicodedata.normalize("NFC", texts.stream_safe("\n".join(out).strip()))


def shallower(lines: Sequence[Line]) -> list[Line]:
    """The lines with one mark of quoting taken off all that have any."""
    return [
        replace(
            one, depth=max(0, one.depth - 1), typed=None if one.depth <= 1 else ">" * (one.depth - 1) + " " + one.text
        )
        if one.depth
        else one
        for one in lines
    ]
