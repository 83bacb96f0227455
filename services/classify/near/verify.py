"""Whether two folded texts say nearly the same: the share of words in common, and what must not differ in a short one.

Twins share their topic, so a wrong link costs a reader's trust while a missed one costs a reader's minute: in doubt, not the same.
"""

import re
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import Indel

from services.classify.near.signature import COMMON, SHORT, telling

THRESHOLD = 0.76
_BRIEF = 60  # words below which one negation or number, or one phrase exchanged, makes another opinion
_PHRASE, _BOTH = (
    2,
    5,
)  # telling words of each, and of both, exchanged in one place: another subject, not another wording
_LONG = 1_500  # words above which order is not looked at: comparing orders is quadratic
_NEAR = 0.6
_COMMON_WEIGHT = 0.35

_ROMAN = re.compile(r"\b(?:phan|chuong|muc|tieu muc|dieu|khoan|diem|phu luc) ([ivx]{1,5})\b")  # "vi" alone is a word
_DENIALS = frozenset(["khong", "chua", "chang", "ko", "k", "hok"])
_PHRASES = ("phan doi", "bac bo", "huy bo", "bai bo", "khac voi", "trai voi")


@dataclass(frozen=True)
class Words:
    """A folded text, taken apart once."""

    folded: str

    @cached_property
    def order(self) -> list[str]:
        return self.folded.split()

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.order)

    @cached_property
    def told(self) -> frozenset[str]:
        return telling(self.order)

    @cached_property
    def repeated(self) -> dict[str, int]:
        """Words that stand there more than once."""
        return {word: n for word, n in self.counts.items() if n > 1} if len(self.counts) < len(self.order) else {}

    @cached_property
    def weight(self) -> float:
        """Of all words, each as often as it stands there."""
        return _weight_of(self.counts.keys(), self.repeated)

    @cached_property
    def turning(self) -> Counter[str]:
        """Numbers (Arabic and Roman) and denials: what turns an opinion into another one."""
        found = Counter({word: n for word, n in self.counts.items() if _turns(word)})
        found.update(match[1] for match in _ROMAN.finditer(self.folded))
        for phrase in _PHRASES:
            if n := self.folded.count(phrase):
                found[phrase] = n
        return found


def _weight_of(words: Set[str], repeated: Mapping[str, int]) -> float:
    """Sets do nearly all of it: a loop over the words would cost ten times as much."""
    light = words & COMMON
    once = len(words) - (1 - _COMMON_WEIGHT) * len(light)
    return once + sum((n - 1) * (_COMMON_WEIGHT if word in light else 1.0) for word, n in repeated.items())


@lru_cache(32_768)
def _turns(word: str) -> bool:
    return word in _DENIALS or any(c.isdigit() for c in word)


def far(a: Words, b: Words) -> bool:
    """Told at once: too few words in common for being the same, and for one holding the other."""
    return len(a.told & b.told) < _NEAR * min(len(a.told), len(b.told))


def similarity(a: Words, b: Words) -> float:
    """0..1: the weighed words both have, in any order; the telling ones weigh most."""
    shared = a.counts.keys() & b.counts.keys()
    twice = {word: min(n, b.repeated[word]) for word, n in a.repeated.items() if word in b.repeated}
    both = _weight_of(shared, twice)
    total = a.weight + b.weight
    return 2 * both / total if total else 0.0


def same(a: Words, b: Words, alike: float | None = None) -> bool:
    """Whether one reader's answer holds for both. `alike` is their similarity, where it is known."""
    if a.folded == b.folded:
        return True
    shorter = min(len(a.order), len(b.order))
    if shorter < SHORT or (similarity(a, b) if alike is None else alike) < THRESHOLD:
        return False
    if max(len(a.order), len(b.order)) > _LONG:
        return True
    return shorter >= _BRIEF or (a.turning == b.turning and not _exchanged(a, b))


def _exchanged(a: Words, b: Words) -> bool:
    """Whether a phrase of one stands where another phrase stands in the other: the same frame around another subject."""
    ours: list[str] = []
    theirs: list[str] = []
    for step in Indel.opcodes(a.order, b.order):
        if step.tag == "equal":
            if step.src_end - step.src_start > 1:  # one word in common does not hold two different phrases together
                ours, theirs = [], []
            continue
        ours += [w for w in a.order[step.src_start : step.src_end] if w not in COMMON and w not in b.counts]
        theirs += [w for w in b.order[step.dest_start : step.dest_end] if w not in COMMON and w not in a.counts]
        if min(len(ours), len(theirs)) >= _PHRASE and len(ours) + len(theirs) >= _BOTH:
            return True
    return False
