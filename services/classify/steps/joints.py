"""Where one paragraph holds several opinions: between its sentences, and inside a sentence at "đồng thời đề nghị".

Statement, reason and request on one matter stay one opinion; when in doubt, nothing is cut.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from services.classify.steps.openings import (
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
from services.classify.steps.sentences import Shield, sentences
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


def paragraph_parts(seen: View, start: int, end: int, guard: Shield) -> list[tuple[int, int]]:
    """The opinions of a paragraph that is no list, in order, without the white space between them."""
    cuts = {*_sentence_cuts(seen, start, end, guard), *_inner_cuts(seen, start, end, guard)}
    if not cuts:
        return [(start, end)]
    edges = [start, *sorted(cuts), end]
    return [(a, _without_blanks(seen.plain, a, b)) for a, b in pairwise(edges)]


def _without_blanks(plain: str, start: int, end: int) -> int:
    while end > start and plain[end - 1].isspace():
        end -= 1
    return end


def _inner_cuts(seen: View, start: int, end: int, guard: Shield) -> list[int]:
    cuts = []
    if may_hold_joint(seen, start, end):
        for match in _JOINT.finditer(seen, start, end):
            at = match.start() + (len(match.group()) - len(match.group().lstrip()))
            if at - start >= _SHORTEST and not guard.covers(at):
                cuts.append(at)
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


_ASKING_ROLES = frozenset({Role.ASKS, Role.QUESTION})
_TELLING_ROLES = frozenset(
    {Role.TELLS, Role.PRAISES, Role.CITES}
)  # a word of request would have made them something else


@dataclass
class _Said:
    """What the opinion being read has said so far."""

    asked: bool = False
    agreed: bool = False
    approved: bool = False
    told: bool = False
    only_cited: bool = True
    only_questions: bool = True

    def hear(self, part: Role, asking: bool) -> None:
        self.asked = self.asked or asking
        self.agreed = self.agreed or part is Role.AGREES
        self.approved = self.approved or part in {Role.AGREES, Role.PRAISES}
        self.told = self.told or part in {Role.TELLS, Role.CITES}
        self.only_questions = self.only_questions and part is Role.QUESTION
        self.only_cited = self.only_cited and part is Role.CITES


def _asking(seen: View, span: tuple[int, int], part: Role, guard: Shield) -> bool:
    return part in _ASKING_ROLES or (part not in _TELLING_ROLES and asks(seen, *span, guard))


def _sentence_cuts(seen: View, start: int, end: int, guard: Shield) -> list[int]:
    spans = sentences(seen, start, end, guard)
    if len(spans) == 1:
        return []
    roles = [role(seen, *span, guard) for span in spans]
    cuts, said = [], _Said()
    said.hear(roles[0], _asking(seen, spans[0], roles[0], guard))
    for i in range(1, len(spans)):
        if _opens_opinion(seen, spans, roles, i, said):
            cuts.append(spans[i][0])
            said = _Said()
        said.hear(roles[i], said.asked or _asking(seen, spans[i], roles[i], guard))
    return cuts


def _opens_opinion(seen: View, spans: list[tuple[int, int]], roles: list[Role], i: int, said: _Said) -> bool:
    part = roles[i]
    full = said.asked or said.approved
    if part is Role.GOES_ON:
        return False
    if (
        part is Role.OBJECTS
    ):  # criticism is no part of the agreement before it; an objection to a figure goes with the figure
        return said.approved and not said.told and not said.asked
    if part is Role.TURNS:
        return not said.only_cited
    if part is Role.QUESTION:
        return (
            full and roles[i - 1] is not Role.QUESTION and not _content(seen, *spans[i]) & _content(seen, *spans[i - 1])
        )
    if part is Role.ASKS and said.only_questions:
        return not (wants_explanation(seen, *spans[i]) or _content(seen, *spans[i]) & _content(seen, *spans[i - 1]))
    if part is Role.ASKS and said.asked and only_presses(seen, *spans[i]):
        return False
    if part in {Role.ASKS, Role.CITES, Role.DISAGREES}:
        return full
    if part is Role.AGREES:
        return said.asked or said.agreed
    if part is Role.PRAISES:
        return said.asked and of_whole_draft(seen, *spans[i])
    return full and _belongs_to_next(seen, spans, roles, i, said)


def _belongs_to_next(seen: View, spans: list[tuple[int, int]], roles: list[Role], i: int, said: _Said) -> bool:
    """A statement between what was said and a request: it goes where its words recur."""
    ahead = next((k for k in range(i + 1, min(i + 4, len(spans))) if roles[k] is not Role.TELLS), None)
    if ahead is None or roles[ahead] not in {Role.ASKS, Role.GOES_ON}:
        return False
    if roles[ahead] is Role.GOES_ON and not ASKING.search(seen, *spans[ahead]):
        return False
    told = _content(seen, *spans[i])
    before = len(told & _content(seen, *spans[i - 1]))
    after = len(told & _content(seen, spans[i + 1][0], spans[ahead][1]))
    return after > before or (after == before and (roles[ahead] is Role.GOES_ON or not said.asked))


ASKING = Rule(words("đề nghị, kiến nghị, đề xuất, cần, nên, phải, mong"))


def _content(seen: View, start: int, end: int) -> frozenset[str]:
    return frozenset(_WORD.findall(seen.plain, start, min(end, start + 600))) - _COMMON
