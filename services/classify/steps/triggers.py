"""Which words a rule cannot do without, read off the rule's own pattern: where none of them stands, the rule need not be tried.

Each way a pattern can match is written out as far as its words are fixed; one word, or two neighbours, of each way are its keys.
Whatever is not fixed (a class of letters, an optional part) counts as unknown and yields no key, so a key can only be asked for
when every match holds it.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]  # the standard library's own parser of patterns
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Key = tuple[str, ...]  # one word, or two that follow each other
_EDGE, _UNKNOWN = "\x01", "\x02"  # a word's edge; anything or nothing
_MOST = 3000  # ways a part of a pattern is written out in; beyond it the less telling half counts as unknown
_HIDING = "\ue000\ue001"  # stand for a quotation (`quotes.masked`): in the text itself there are words
_FEW = 4  # letters of a class that are written out
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD_CLASS = [(op.IN, [(op.CATEGORY, op.CATEGORY_WORD)])]
_LETTER_CLASS = _parser.parse(r"[^\W\d_]").data
_SPACE_CLASS = [(op.IN, [(op.CATEGORY, op.CATEGORY_SPACE)])]


def keys(pattern: str) -> tuple[frozenset[Key], ...]:
    """Sets of keys: every match of the pattern holds one of each set, as whole runs of letters. Empty when nothing is certain."""
    return _keys_of(_ways(_parser.parse(pattern).data))


def _keys_of(ways: Iterable[str]) -> tuple[frozenset[Key], ...]:
    """The first key of each way, and the last."""
    first, last = set(), set()
    for way in ways:
        found = _keys(way)
        if not found:
            return ()
        first.add(found[0])
        last.add(found[-1])
    return tuple(map(frozenset, (first,) if first == last else (first, last)))


def _keys(way: str) -> list[Key]:
    """Pairs of whole words that stand side by side, else the whole words, in order."""
    before: re.Match[str] | None = None
    singles: list[Key] = []
    pairs: list[Key] = []
    for word in _LETTERS.finditer(way):
        if not (_is_edge(way[word.start() - 1 : word.start()]) and _is_edge(way[word.end() : word.end() + 1])):
            before = None
            continue
        if before is not None and _UNKNOWN not in way[before.end() : word.start()]:
            pairs.append((before[0], word[0]))
        before = word
        singles.append((word[0],))
    return pairs or singles


def _is_edge(char: str) -> bool:
    """Whether a run of letters surely ends beside it."""
    return char not in {"", _UNKNOWN}


def _ways(nodes: Sequence[Any]) -> list[str]:
    ways = [""]
    for node in nodes:
        more = _node(*node)
        if len(ways) * len(more) > _MOST:
            if _worth(ways) >= _worth(more):
                more = [_UNKNOWN]
            else:
                ways = [_UNKNOWN]
        ways = list(dict.fromkeys(a + b for a in ways for b in more))
    return ways


def _worth(ways: Sequence[str]) -> float:
    """How seldom the keys of these ways are met: pairs are rarer than words."""
    return max((1 / sum(1 if len(key) == 2 else 10 for key in found) for found in _keys_of(ways)), default=0.0)


def _node(kind: Any, value: Any) -> list[str]:
    if kind is op.LITERAL:
        return [_UNKNOWN if chr(value) in _HIDING else chr(value)]
    if kind is op.SUBPATTERN:
        return [_UNKNOWN] if value[1] or value[2] else _ways(value[3].data)
    if kind is op.BRANCH:
        ways = list(dict.fromkeys(way for branch in value[1] for way in _ways(branch.data)))
        return ways if len(ways) <= _MOST else [_UNKNOWN]
    if kind is op.MAX_REPEAT or kind is op.MIN_REPEAT:
        return _repeated(*value)
    if kind is op.ASSERT_NOT and _refuses_letters(value[1].data):
        return [_EDGE]
    if kind is op.ASSERT or kind is op.ASSERT_NOT or kind is op.AT:
        return [""]
    if kind is op.IN and [(kind, value)] == _SPACE_CLASS:
        return [" "]
    if kind is op.IN and len(value) <= _FEW and all(k is op.LITERAL for k, _ in value):
        return [chr(code) for _, code in value]
    return [_UNKNOWN]


def _refuses_letters(body: Sequence[Any]) -> bool:
    """Whether an assertion that this does not stand here means that no letter does: (?!\\w), (?!\\w|...)."""
    if body in (_WORD_CLASS, _LETTER_CLASS):
        return True
    return len(body) == 1 and body[0][0] is op.BRANCH and any(_refuses_letters(way.data) for way in body[0][1][1])


def _repeated(least: int, most: int, body: Any) -> list[str]:
    if body.data == _SPACE_CLASS:
        return [" "] if least else ["", " "]
    if least:
        return [way + _UNKNOWN for way in _ways(body.data)]
    ways = _ways(body.data) if most == 1 else []
    return ["", *ways] if len(ways) == 1 else [_UNKNOWN]
