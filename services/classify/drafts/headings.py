"""Where the sections of a draft begin: the line on which each one's heading is printed.

"I. CHỦ ĐỀ ĐẠI HỘI ...", "1. Phát triển kinh tế" (ref III.1), "PHẦN THỨ NHẤT" with the title on the next line. Compared folded, over
the lines a long heading wraps to; headings stand in the order of the definition.
"""

from collections.abc import Iterator, Sequence

from shared.consultation import Section
from shared.draft_text import DraftText
from shared.text import fold

_WRAPPED = 5  # lines a heading may fill


def headings(sections: Sequence[Section], text: DraftText | None) -> Iterator[tuple[int, int, str, bool]]:
    """Page, line, ref and True for each section in order; line 0 and False where its heading is not on its page."""
    last = (0, 0)
    for section in sorted(sections, key=lambda s: s.page):  # stable: the order of the definition within a page
        line = _line(section, text, last) if text else None
        place = (section.page, line or 0)
        last = max(last, place)
        yield *place, section.ref, line is not None


def _line(section: Section, text: DraftText, after: tuple[int, int]) -> int | None:
    if section.page > len(text.pages):
        return None
    lines = [fold(line) for line in text.pages[section.page - 1].lines]
    expected = _printed(section)
    for weak in (False, True):  # the number and the title; only then the title or the label alone
        for number in range(1, len(lines) + 1):
            if (section.page, number) <= after or not lines[number - 1]:
                continue
            block = " ".join(lines[number - 1 : number - 1 + _WRAPPED])
            if any(_begins(block, words) for words in expected[weak]) and (
                not weak or _alone(lines[number - 1], expected[True])
            ):
                return number
    return None


def _printed(section: Section) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How the heading may be printed: surely, and with less certainty."""
    title, label = fold(section.title), fold(section.label or "")
    numbers = {fold(section.ref), fold(section.ref.rpartition(".")[2])}
    sure = tuple(f"{number} {title}" for number in sorted(numbers)) + ((f"{label} {title}",) if label else ())
    return sure, (title, label) if label else (title,)


def _begins(block: str, words: str) -> bool:
    return block == words or block.startswith(words + " ")


def _alone(line: str, expected: tuple[str, ...]) -> bool:
    """A title without its number is a heading only when the line holds nothing else (it may wrap)."""
    return any(words == line or (words.startswith(line + " ") and len(line) > 20) for words in expected)
