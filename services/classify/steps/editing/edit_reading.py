"""What a masked text asks to change: at each word that may begin a request, the first pattern that fits it.

A pattern is tried only where its first word stands and a quotation, a word for wording or a figure follows closely.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from services.classify.steps.editing import edit_patterns as quoted
from services.classify.steps.editing import edit_unquoted as unquoted
from services.classify.steps.editing.edit_candidates import Able, candidates
from services.classify.steps.editing.edit_context import before, sure, wanted
from services.classify.steps.editing.edit_rules import BY_WORDS, Op
from services.classify.steps.editing.quotes import Q, Quoted
from services.classify.steps.view import Rule, View

_MAX_WORDS = 25  # of unquoted wording; more is not certain to be wording
_MAX_TRIES = 3000  # places where patterns are tried in one opinion: more is an attack, not a letter
_QUOTATION = re.compile(Q)
_OR = Rule(r"\s{0,3},?\s{0,3}(?:hoặc|hay)\s{1,3}(?:là\s{1,3})?(?:thay|sửa|đổi)(?!\w)")
_NAME = re.compile(r",\s{1,2}([^.,;:!?…()\n\ue000\ue001]{2,80})(?=[.,;:!?\n]|\Z)")
_MAX_NAMES = 4
_MENDS = Rule(r"(?:sửa|thay(?!\s{1,3}đổi)|đổi)(?!\w)")
_PROPOSED = Rule(r"(?<!\w)(?:đề\s{1,3}nghị|kiến\s{1,3}nghị|đề\s{1,3}xuất|nên|xin)\s{1,3}\Z")  # "phải giảm từ" is a task
_SEVERAL = Rule(r"(?<!\w)(?:các|những)(?!\w)")
_FIGURE_WINDOW = 60
_MEND = ("sua ", "sửa ")


@dataclass(frozen=True)
class Asked:
    """An edit in coordinates of the masked text; `whole`: where the words of all edits of one list end."""

    op: Op
    start: int
    end: int
    old: tuple[int, int] | None = None
    new: tuple[int, int] | None = None
    place: tuple[int, int] | None = None
    anchor: tuple[int, int] | None = None
    whole: int = 0


def asked_edits(seen: View, source: Quoted) -> Iterator[Asked]:
    """All edits of a masked text, in order."""
    done = 0
    for at, rules in islice(candidates(seen, source), _MAX_TRIES):
        if at < done or not rules:
            continue
        read = _read(seen, source, at, rules)
        if read is None:
            continue
        match, asked = read
        verb = match.start("v")
        done = match.end()
        if asked and wanted(seen, source.text, verb if verb >= 0 else match.start(), match.end()):
            yield from asked
            done = max(done, asked[-1].end)
            for more in _continued(seen, source, asked, done):
                yield more
                done = more.end


def _read(seen: View, source: Quoted, at: int, rules: Able) -> tuple[re.Match[str], list[Asked]] | None:
    """The first pattern that fits here, and what it asks for (nothing when the borders of the wording are not sure)."""
    whole, start, end = seen.whole, source.base, source.base + len(source.text)
    for rule, op, bits in rules:
        if whole & bits != bits or rule.silent(seen, start, end):
            continue
        if (match := rule.of(seen).match(source.text, at)) is None:
            continue
        if rule not in BY_WORDS:
            return match, _by_quotes(source, match, op, seen)
        if (asked := _by_words(seen, source, match, op, rule)) is not None:
            return match, [asked]
    return None


def _by_quotes(source: Quoted, match: re.Match[str], op: Op, seen: View) -> list[Asked]:
    """What a pattern over quotations asks for: one edit for each of the wordings that are listed."""
    groups = match.groupdict()
    start = match.start()
    old = _listed(source, match, "old") if groups.get("old") else []
    new = _listed(source, match, "new") if groups.get("new") else []
    end = match.end()
    if op == "replace" and len(old) > 1 and len(new) == 1:
        rest = _more_new(seen, source, match.end("new"), len(old) - 1)
        new, end = (new + rest, rest[-1][2]) if len(rest) == len(old) - 1 else (new * len(old), end)
    if (
        op == "replace"
        and old
        and len(old) == 1
        and _OR.of(seen).match(source.text, match.end("old"), match.start("new"))
    ):
        (first,) = old  # bỏ "A" hoặc thay bằng "B"
        removed = Asked("delete", start, first[2], old=_words(source, first))
        return [removed, Asked(op, first[0], end, old=_words(source, first), new=_words(source, new[0]))]
    if op == "replace" and old:
        pairs = zip(old, new * len(old) if len(new) == 1 else new, strict=False)
        return [
            Asked(
                op,
                start if i == 0 else a[0],
                end if len(old) == 1 else max(a[2], b[2]),
                old=_words(source, a),
                new=_words(source, b),
            )
            for i, (a, b) in enumerate(pairs)
        ]
    place = match.span("place") if groups.get("place") else None
    anchor = _words(source, (match.start("anchor"),) * 3) if groups.get("anchor") else None
    listed = new if op in ("insert", "replace") else old
    made = []
    for i, item in enumerate(listed):
        last = end if i == len(listed) - 1 else item[2]
        words = _words(source, item)
        made.append(
            Asked(
                op,
                start if i == 0 else item[0],
                last,
                old=words if op == "delete" else None,
                new=None if op == "delete" else words,
                place=place,
                anchor=anchor,
                whole=end,
            )
        )
    return made


_Item = tuple[int, int, int]  # a quotation: where it starts, again, and where it ends


def _listed(source: Quoted, match: re.Match[str], group: str) -> list[_Item]:
    return [(q.start(), q.start(), q.end()) for q in _QUOTATION.finditer(source.text, *match.span(group))]


def _words(source: Quoted, item: Sequence[int]) -> tuple[int, int]:
    return source.wording[item[0]]


def _more_new(seen: View, source: Quoted, at: int, count: int) -> list[_Item]:
    """Further quotations of a list, when there are exactly as many."""
    found: list[_Item] = []
    for _ in range(count):
        separator = quoted.SEPARATOR.of(seen).match(source.text, at)
        quote = _QUOTATION.match(source.text, separator.end()) if separator else None
        if quote is None:
            break
        found.append((quote.start(), quote.start(), quote.end()))
        at = quote.end()
    return found


def _continued(seen: View, source: Quoted, asked: list[Asked], at: int) -> Iterator[Asked]:
    """Further pairs of one verb: thay "A" bằng "B", "C" bằng "D"."""
    if asked[-1].op != "replace" or asked[-1].old is None:
        return
    if source.text[slice(*asked[-1].old)][:1].isdigit():
        while (match := unquoted.NEXT_RAISED.of(seen).match(source.text, at)) is not None:
            yield Asked("replace", match.start("old"), match.end(), match.span("old"), match.span("new"))
            at = match.end()
    while (match := quoted.NEXT_PAIR.of(seen).match(source.text, at)) is not None:
        for more in _by_quotes(source, match, "replace", seen):
            yield replace(more, start=_listed(source, match, "old")[0][0])
        at = match.end()


def _by_words(seen: View, source: Quoted, match: re.Match[str], op: Op, rule: Rule) -> Asked | None:
    """What a pattern over unquoted words asks for; None when it is not certain."""
    text, groups = source.text, match.groupdict()
    verb = match.start("v")
    figures = rule in (unquoted.RAISED, unquoted.FIGURES)
    if not sure(seen, text, verb, told_apart=figures or rule is unquoted.REPLACE) and not (
        rule is unquoted.FIGURES and text.startswith(_MEND[seen.accented], verb)
    ):
        return None
    if rule is unquoted.RAISED and not _of_a_figure(seen, text, verb, groups["what"] or ""):
        return None
    if (
        rule is unquoted.FIGURES
        and not _MENDS.of(seen).match(text, verb)
        and not unquoted.FIGURE.of(seen).search(match[0])
    ):
        return None
    if rule is unquoted.FIGURE_NEW:
        return _figure_before(seen, text, match)
    if rule is unquoted.REMOVE and _SEVERAL.of(seen).search(text, verb, match.start("old")) is not None:
        return None  # "bỏ các cụm từ hô khẩu hiệu": told about, not told
    spans = {name: _span(source, match, name) for name in ("old", "new", "anchor")}
    if not figures and any(s and len(text[slice(*s)].split()) > _limit(rule) for s in spans.values()):
        return None
    if figures and spans["old"] and spans["new"] and text[slice(*spans["old"])] == text[slice(*spans["new"])]:
        return None
    place = match.span("place") if groups.get("place") else None
    end = match.end()
    last = "old" if rule is unquoted.INSTEAD else "new"
    if rule in (unquoted.INSTEAD, unquoted.REPLACE) and (words := spans[last]) is not None and words[1] == end:
        end = _names_that_follow(seen, source, end)
        spans[last] = (words[0], end)
    return Asked(op, min(match.start(), verb), end, spans["old"], spans["new"], place, spans["anchor"])


def _of_a_figure(seen: View, text: str, verb: int, what: str) -> bool:
    """ "Nâng chỉ tiêu ... từ 8% lên 9%"; "tốc độ tăng GRDP đề nghị nâng từ 10,5% lên 11%"."""
    if what.strip():
        return unquoted.FIGURE.of(seen).search(what) is not None
    window = before(seen, text, verb)
    return unquoted.FIGURE_BEFORE.of(seen).search(window) is not None and _PROPOSED.of(seen).search(window) is not None


def _names_that_follow(seen: View, source: Quoted, end: int) -> int:
    """Where a list of names ends that goes on behind a comma: "thay cho Hội đồng nhân dân, Ủy ban nhân dân"."""
    for _ in range(_MAX_NAMES):
        more = _NAME.match(source.text, end)
        if more is None:
            break
        first = seen.original(source.base + more.start(1), source.base + more.start(1))[0]
        if not seen.text[first : first + 1].isupper() or seen.text[first : first + 2].isupper():
            break
        end = more.end()
    return end


def _figure_before(seen: View, text: str, match: re.Match[str]) -> Asked | None:
    """ "Chỉ tiêu 113 triệu đồng nên sửa thành 100 triệu đồng": the last figure of the same measure before the verb."""
    verb = match.start("v")
    window = before(seen, text, verb)[-_FIGURE_WINDOW:]
    found = list(unquoted.NUMBER.of(seen).finditer(window))
    measure = match["new"].lstrip("0123456789.,")
    if not found or not measure.strip() or found[-1][0].lstrip("0123456789.,") != measure:
        return None
    start = verb - len(window) + found[-1].start()
    return Asked("replace", start, match.end(), (start, start + len(found[-1][0])), match.span("new"))


def _limit(rule: Rule) -> int:
    return 120 if rule in (unquoted.ADD_COLON, unquoted.REWRITE_COLON) else _MAX_WORDS


def _span(source: Quoted, match: re.Match[str], name: str) -> tuple[int, int] | None:
    """The words of a group, written or quoted, without blanks around them."""
    groups = match.groupdict()
    if groups.get(f"q{name}"):
        return source.wording[match.start(f"q{name}")]
    if not groups.get(name):
        return None
    start, end = match.span(name)
    inner = source.text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())
