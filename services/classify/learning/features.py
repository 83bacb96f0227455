"""Features of a text: runs of one to three words and marks, as they are written, and which words a "không" denies.

Whoever learns from a text learns from its copy without diacritics as well (`spellings`): a text typed without them is read
nearly as well as any other, and one with them is not slowed down by both.
"""

import re
from collections.abc import Iterator, Sequence

from services.classify.words import Kept

MARKS = ".,!?:;()/+%-"
_WORD = re.compile(rf"[^\W_]+|[{MARKS}]")
BEGIN = "^"  # what a text begins with tells more than where a word stands later
NOT = frozenset(["không", "chưa", "chẳng", "chả", "đừng", "hông", "ko", "khong", "chua", "chang", "dung"])
DENIED_MARK = "!"
DENIED = 2  # words after one of them, up to the next mark: "không được nhiệt tình" denies "nhiệt" as well
BARE_WEIGHT = 0.5  # of the copy without diacritics, in a row of weight 1


def read_words(chunk: str) -> list[str]:
    """The words and marks of what stands between white space."""
    return _WORD.findall(chunk)


words = Kept(read_words).words
"""The words and marks of a text in lower case (`View.plain` or `View.bare`)."""


def features(spelt: Sequence[str], order: int) -> set[str]:
    """Runs of up to `order` words; with an order of three the denied words as well, "!" before them."""
    found = set(spelt)
    if order > 1:
        pairs = [f"{a} {b}" for a, b in zip((BEGIN, *spelt), spelt, strict=False)]
        found.update(pairs)
        if order > 2:
            found.update(map(" ".join, zip(pairs, spelt[1:], strict=False)))
            if not NOT.isdisjoint(found):
                found.update(_denied(spelt))
    return found


def _denied(spelt: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(spelt):
        if word in NOT:
            for after in spelt[at + 1 : at + 1 + DENIED]:
                if not after.isalnum():
                    break
                yield DENIED_MARK + after
