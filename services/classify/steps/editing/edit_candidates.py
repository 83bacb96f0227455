"""Where in a masked text a request for a change may begin, and which patterns may fit there: words and marks, before any pattern."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from services.classify.steps.editing.edit_rules import (
    ACCENTED_RULES,
    BARE_RULES,
    NEEDS,
    QUOTE_FIRST,
    TOKENS,
    Op,
    Rules,
    Token,
)
from services.classify.steps.editing.quotes import FIRST, Quoted
from services.classify.steps.view import Rule, View

_CLOSE = 140  # code points from the word that begins a pattern to the wording, at most
_NEAR = 45  # the same, from a word for wording to the quotation
_MOST_NEEDED = max(NEEDS.values())
_WORD = re.compile(r"([^\W\d_]+)")
_SIGN = re.compile(r"\ue000\ue001*|\d+|[:→⇒➔=>]")


Able = tuple[tuple[Rule, Op, int], ...]  # with the rule's bits


def _able(rules: Rules, left: int) -> Able:
    """Those that need no more quotations than there are left."""
    return _ABLE[min(_MOST_NEEDED, left)][id(rules)]


_ABLE = tuple(
    {
        id(rules): tuple((rule, op, rule.bits) for rule, op in rules if NEEDS[rule] <= left)
        for rules in (
            QUOTE_FIRST,
            *(some for first in (ACCENTED_RULES, BARE_RULES) for two in first.values() for some in two),
        )
    }
    for left in range(_MOST_NEEDED + 1)
)


def candidates(seen: View, source: Quoted) -> Iterator[tuple[int, Able]]:
    """Where patterns may begin, and which of them may fit."""
    text, known = source.text, TOKENS[not seen.accented].get
    places: list[tuple[int, Token | None]] = []
    quotes, ends, hints, verbs = [], [], [], []
    at = 0
    pieces = _WORD.split(text)
    for between, word in zip(pieces[::2], (*pieces[1::2], ""), strict=True):
        if between != " ":
            for found in _SIGN.finditer(between):
                sign, begin = found[0], at + found.start()
                if sign[0] == FIRST:
                    quotes.append(begin)
                    ends.append(begin + len(sign))
                    places.append((begin, None))
                elif sign == ":" or sign[0].isdigit():
                    hints.append(begin)
                else:
                    verbs.append(begin)
        at += len(between)
        token = known(word)
        if token is not None:
            if token.begins:
                places.append((at, token))
            if token.hint:
                hints.append(at)
            if token.after:
                verbs.append(at)
        at += len(word)
    for at, token in places:
        following = bisect_left(quotes, at)
        left = len(quotes) - following
        if token is None:
            verb = bisect_left(verbs, at)
            if verb < len(verbs) and verbs[verb] - ends[bisect_left(quotes, verbs[verb]) - 1] <= _CLOSE:
                yield at, _able(QUOTE_FIRST, left)
            continue
        if token.noun and left and quotes[following] - at <= _NEAR:
            yield at, _able(QUOTE_FIRST, left)
        if token.rules is None:
            continue
        if left and quotes[following] - at <= _CLOSE:
            yield at, _able(token.rules[0], left)
        elif (hint := bisect_left(hints, at)) < len(hints) and hints[hint] - at <= _CLOSE:
            yield at, _able(token.rules[1], left)
