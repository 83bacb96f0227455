"""A draft's text in numbered pages and lines, so that people can cite "trang 3 dòng 5"."""

import re
from dataclasses import dataclass

from shared.errors import Permanent

_MARK = re.compile(r"\[trang (\d{1,6})\]")


class DraftTextError(Permanent):
    """The text's page marks are wrong; the message names the line."""


@dataclass(frozen=True)
class DraftPage:
    """A page and its printed lines; blank lines are not counted, so `lines[4]` is line 5 (dòng 5).

    `starts`: where each line begins, in code points of the text that was parsed (byte order mark and line ends counted).
    """

    number: int
    lines: tuple[str, ...]
    starts: tuple[int, ...] = ()

    def numbered(self) -> tuple[tuple[int, str], ...]:
        """The lines with their numbers, from 1."""
        return tuple(enumerate(self.lines, start=1))


@dataclass(frozen=True)
class DraftText:
    """The whole text; pages are numbered 1, 2, 3 ..."""

    pages: tuple[DraftPage, ...]

    def line(self, page: int, line: int) -> str | None:
        """The text at "trang `page` dòng `line`", or None when there is no such place."""
        if not 1 <= page <= len(self.pages):
            return None
        lines = self.pages[page - 1].lines
        return lines[line - 1] if 1 <= line <= len(lines) else None


def parse(text: str) -> DraftText:
    """Splits at lines `[trang N]`. Raises DraftTextError when text precedes page 1 or the numbers do not run 1, 2, 3 ..."""
    pages: list[list[tuple[str, int]]] = []
    body = text.removeprefix("\ufeff")
    at = len(text) - len(body)
    for number, raw in enumerate(body.splitlines(keepends=True), start=1):
        line, start = raw.strip(), at + len(raw) - len(raw.lstrip())
        at += len(raw)
        mark = _MARK.fullmatch(line)
        if mark:
            if int(mark[1]) != len(pages) + 1:
                raise DraftTextError(f"line {number}: {line} must be [trang {len(pages) + 1}]")
            pages.append([])
        elif line and not pages:
            raise DraftTextError(f"line {number}: there is text before [trang 1]")
        elif line:
            pages[-1].append((line, start))
    if not pages:
        raise DraftTextError("line 1: there is no [trang 1]")
    return DraftText(
        tuple(
            DraftPage(n, tuple(line for line, _ in lines), tuple(start for _, start in lines))
            for n, lines in enumerate(pages, start=1)
        )
    )
