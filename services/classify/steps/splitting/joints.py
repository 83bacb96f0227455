"""Where one paragraph holds several opinions: between its sentences, and inside a sentence at "đồng thời đề nghị".

Statement, reason and request on one matter stay one opinion; when in doubt, nothing is cut.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from services.classify.steps.splitting.openings import (
    IS_AGREES,
    IS_ASKS,
    IS_CITES,
    IS_DISAGREES,
    IS_GOES_ON,
    IS_OBJECTS,
    IS_PRAISES,
    IS_QUESTION,
    IS_TELLS,
    IS_TURNS,
    POLITELY,
    STRONG,
    WHO,
    Role,
    asks,
    of_whole_draft,
    only_presses,
    role,
    wants_explanation,
)
from services.classify.steps.splitting.sentences import Shield, sentences
from services.classify.steps.view import Rule, View, words

_S = r"\s{1,20}"
_CHANGES = words(
    "bổ sung, sửa, chỉnh sửa, bỏ, lược bỏ, cắt, thay, thêm, làm rõ, ghi rõ, nêu rõ, viết lại, rút gọn, gộp, tách, điều chỉnh, "
    "xem lại, xem xét"
)
_JOINT = Rule(
    rf"(?<=[\w,;.)”\"%])\s{{1,20}}(?:(?:{words('đồng thời, song song đó')},?{_S}(?:{WHO}{_S})?(?:{POLITELY}{_S}){{0,3}}{STRONG})"
    rf"|{words('ngoài ra, bên cạnh đó, cùng với đó, thêm nữa')},?{_S}(?:{words('bổ sung, sửa, xin bổ sung')}"
    rf"|(?:{WHO}{_S})?(?:{POLITELY}{_S}){{0,3}}(?:{STRONG}|{words('cần, nên, phải, mong')})))"
)
_SEMICOLON = Rule(rf";\s{{0,20}}(?=(?:{WHO}{_S})?(?:{POLITELY}{_S}){{0,3}}(?:{STRONG}|(?P<verb>{_CHANGES})))")
_CHANGED = Rule(_CHANGES)
_JOINING = Rule(words("đồng thời, ngoài ra, bên cạnh đó, cùng với đó, thêm nữa, song song đó, thứ hai, hai là"))
_HAS_SAID = Rule(
    words(
        "đề nghị, kiến nghị, đề xuất, nhất trí, đồng ý, đồng tình, thống nhất, tán thành, ủng hộ, bổ sung, sửa, thay, bỏ, cần, nên, phải"
    )
)
_SHORTEST = 8  # code points; a shorter left part says nothing yet
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMMON_WORDS = (
    "đề nghị kiến xuất bổ sung cần nên phải các những và của cho là được trong với về để có này một vào không chưa rất còn như đã thêm "
    "tỉnh huyện xã tôi chúng em ra lại từ đến ở theo tại nhất hơn thì mà cũng sẽ đang bị do vì nội dung dự thảo quan tâm"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def may_hold_joint(seen: View, start: int, end: int) -> bool:
    """Whether one of the joining words stands in a span: most have none."""
    return _JOINING.search(seen, start, end) is not None


def paragraph_parts(
    seen: View, start: int, end: int, guard: Shield, told: Sequence[tuple[int, int]] | None = None
) -> list[tuple[int, int]]:
    """The opinions of a paragraph that is no list, in order, without the white space between them; `told` are its sentences."""
    spans = sentences(seen, start, end, guard) if told is None else told
    cuts = _inner_cuts(seen, start, end, guard)
    if len(spans) > 1:
        cuts += _sentence_cuts(seen, spans, guard)
    if not cuts:
        return [(start, end)]
    edges = [start, *sorted({*cuts}), end]
    return [(a, _without_blanks(seen.plain, a, b)) for a, b in pairwise(edges)]


def _without_blanks(plain: str, start: int, end: int) -> int:
    while end > start and plain[end - 1].isspace():
        end -= 1
    return end


def _inner_cuts(seen: View, start: int, end: int, guard: Shield) -> list[int]:
    cuts: list[int] = []
    if may_hold_joint(seen, start, end):
        for match in _JOINT.finditer(seen, start, end):
            at = match.start() + (len(match.group()) - len(match.group().lstrip()))
            if at - start >= _SHORTEST and not guard.covers(at):
                cuts.append(at)
    if seen.plain.find(";", start, end) < 0:
        return cuts
    before = start
    for match in _SEMICOLON.finditer(seen, start, end):
        at = match.end()
        if guard.covers(at) or at - before < _SHORTEST:
            continue
        if _HAS_SAID.search(seen, before, match.start()) and not (
            match.group("verb") and _details(seen, before, match.start())
        ):
            cuts.append(at)
        before = at
    return cuts


def _details(seen: View, start: int, end: int) -> bool:
    """Whether a colon follows a request: what comes then are its details ("Sửa câu đầu: bỏ từ ...; thay từ ...")."""
    change = _CHANGED.search(seen, start, end)
    return change is not None and seen.plain.find(":", change.end(), end) >= 0


_ASKING_ROLES = frozenset({IS_ASKS, IS_QUESTION})
_TELLING_ROLES = frozenset({IS_TELLS, IS_PRAISES, IS_CITES})  # a word of request would have made them something else


# What the opinion being read has said so far, as the sum of what its sentences said.
_ASKED, _AGREED, _APPROVED, _TOLD, _MORE_THAN_CITED, _MORE_THAN_ASKED = (1 << i for i in range(6))
_SAYS = {
    part: (_AGREED if part is IS_AGREES else 0)
    | (_APPROVED if part in {IS_AGREES, IS_PRAISES} else 0)
    | (_TOLD if part in {IS_TELLS, IS_CITES} else 0)
    | (_MORE_THAN_CITED if part is not IS_CITES else 0)
    | (_MORE_THAN_ASKED if part is not IS_QUESTION else 0)
    for part in Role
}


def _sentence_cuts(seen: View, spans: Sequence[tuple[int, int]], guard: Shield) -> list[int]:
    last = role(seen, *spans[-1], guard)
    if len(spans) == 2 and (last is IS_TELLS or last is IS_GOES_ON):
        return []  # it goes with the sentence before it, whatever that does
    roles = [role(seen, *span, guard) for span in spans[:-1]]
    roles.append(last)
    cuts, said = [], 0
    for i, part in enumerate(roles):
        if i and _opens_opinion(seen, spans, roles, i, said):
            cuts.append(spans[i][0])
            said = 0
        said |= _SAYS[part]
        if part in _ASKING_ROLES or (part not in _TELLING_ROLES and not said & _ASKED and asks(seen, *spans[i], guard)):
            said |= _ASKED
    return cuts


def _opens_opinion(seen: View, spans: Sequence[tuple[int, int]], roles: list[Role], i: int, said: int) -> bool:
    part = roles[i]
    if part is IS_TELLS:
        return said & (_ASKED | _APPROVED) != 0 and _belongs_to_next(seen, spans, roles, i, said)
    full = bool(said & (_ASKED | _APPROVED))
    if part is IS_GOES_ON:
        return False
    if (
        part is IS_OBJECTS
    ):  # criticism is no part of the agreement before it; an objection to a figure goes with the figure
        return said & (_APPROVED | _TOLD | _ASKED) == _APPROVED
    if part is IS_TURNS:
        return bool(said & _MORE_THAN_CITED)
    if part is IS_QUESTION:
        return (
            full and roles[i - 1] is not IS_QUESTION and not _content(seen, *spans[i]) & _content(seen, *spans[i - 1])
        )
    if part is IS_ASKS and not said & _MORE_THAN_ASKED:
        return not (wants_explanation(seen, *spans[i]) or _content(seen, *spans[i]) & _content(seen, *spans[i - 1]))
    if part is IS_ASKS and said & _ASKED and only_presses(seen, *spans[i]):
        return False
    if part is IS_ASKS or part is IS_CITES or part is IS_DISAGREES:
        return full
    if part is IS_AGREES:
        return bool(said & (_ASKED | _AGREED))
    return bool(said & _ASKED) and of_whole_draft(seen, *spans[i])  # it praises


def _belongs_to_next(seen: View, spans: Sequence[tuple[int, int]], roles: list[Role], i: int, said: int) -> bool:
    """A statement between what was said and a request: it goes where its words recur."""
    if i + 1 == len(spans):
        return False
    ahead = next((k for k in range(i + 1, min(i + 4, len(spans))) if roles[k] is not IS_TELLS), None)
    if ahead is None or roles[ahead] not in {IS_ASKS, IS_GOES_ON}:
        return False
    if roles[ahead] is IS_GOES_ON and not ASKING.search(seen, *spans[ahead]):
        return False
    told = _content(seen, *spans[i])
    before = len(told & _content(seen, *spans[i - 1]))
    after = len(told & _content(seen, spans[i + 1][0], spans[ahead][1]))
    return after > before or (after == before and (roles[ahead] is IS_GOES_ON or not said & _ASKED))


ASKING = Rule(words("đề nghị, kiến nghị, đề xuất, cần, nên, phải, mong"))


def _content(seen: View, start: int, end: int) -> frozenset[str]:
    return frozenset(_WORD.findall(seen.plain, start, min(end, start + 600))) - _COMMON
