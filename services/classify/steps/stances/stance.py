"""What an opinion does with the draft, read from cue words; a stance the respondent gave is never overridden (pipeline.py).

The order of the questions is the rule: an agreement that leads to a request is the request ("nhất trí, nhưng đề nghị bổ sung"),
an agreement whose object is an addition is an agreement ("nhất trí bổ sung Chương X"), and where anything is criticised praise
makes no agreement of it.
"""

from collections.abc import Sequence
from typing import Final

from services.classify.steps.stances.acts import Reading
from services.classify.steps.stances.cue_words import Act, Acts
from services.classify.steps.stances.cues import hear, spoken
from services.classify.steps.view import View
from shared.events import Edit, Stance

_OF_EDIT = {"replace": Stance.AMEND, "insert": Stance.SUPPLEMENT, "delete": Stance.DELETE}
_WORDING = {Act.DELETES: Stance.DELETE, Act.SUPPLEMENTS: Stance.SUPPLEMENT, Act.AMENDS: Stance.AMEND}
_REFUSING = (Act.OPPOSES, Act.CRITICISES)
_NEVER = 1 << 60
_NONE, _QUESTION = Stance.NONE, Stance.QUESTION  # members of an enum are slow to look up


def stance(seen: View, start: int, end: int, asked: Sequence[Edit] = ()) -> Stance:
    """The stance of the span; `none` when nothing tells. `asked` are its wording changes: the first one decides."""
    if asked:
        return _OF_EDIT[asked[0].op]
    if "?" in seen.matched[max(start, end - 3) : end]:
        return _QUESTION
    tokens = spoken(seen, start, end)
    heard = hear(seen, tokens)
    if not heard:
        return _NONE
    acts = Reading(tokens, heard, accented=seen.accented).acts()
    return _ALONE[acts[0][0]] if len(acts) == 1 else judge(acts)


def judge(acts: Acts) -> Stance:
    """The stance that the acts of an opinion make together."""
    if not acts:
        return _NONE
    first: dict[int, int] = {}
    for act, at in acts:
        first.setdefault(act, at)
    if Act.QUESTIONS in first:
        return Stance.QUESTION
    if Act.PARTLY in first:
        return Stance.PARTLY_AGREE
    if Act.TOLD in first and _refused_at_last(acts):
        return Stance.DISAGREE
    asks = Act.ASKS in first
    wording = next((act for act, _ in acts if act in _WORDING), None)
    if Act.DELETES in first:
        return Stance.DELETE
    if Act.OPPOSES in first:
        if first.get(Act.AGREES, _NEVER) < first[Act.OPPOSES] and not asks:
            return Stance.PARTLY_AGREE  # "nhất trí với điểm a, không nhất trí với điểm b"
        return _WORDING[wording] if wording is not None and asks else Stance.DISAGREE
    if Act.AGREES in first and not _asked_after(acts, first[Act.AGREES]):
        return _agreement(acts, first)
    if wording is not None and not _praised(first):
        return _WORDING[wording]
    if Act.CRITICISES in first and not asks:
        return Stance.DISAGREE
    if (asks or Act.WISHES in first) and not _praised(first):
        return Stance.SUPPLEMENT
    if Act.PRAISES in first or Act.AGREES in first:
        return _praise(acts, first)
    return Stance.NONE


def _refused_at_last(acts: Acts) -> bool:
    """ "Có ý kiến đề nghị bỏ mục 3 nhưng tôi không đồng ý": what others ask for is opposed, and nothing asked for after that."""
    turn = next((n for n, (act, _) in enumerate(acts) if act is Act.TURNS), len(acts))
    return turn < len(acts) - 1 and all(act in _REFUSING for act, _ in acts[turn + 1 :])


def _asked_after(acts: Acts, agreed: int) -> bool:
    return any(act is Act.ASKS or act in _WORDING or act is Act.WISHES for act, at in acts if at > agreed) or (
        any(act in _WORDING for act, _ in acts) and any(act is Act.ASKS for act, _ in acts)
    )


def _agreement(acts: Acts, first: dict[int, int]) -> Stance:
    """An agreement that asks for nothing: what follows a "nhưng" makes it partial, a criticism before it is one."""
    if Act.CRITICISES in first and first[Act.CRITICISES] < first[Act.AGREES]:
        turned = any(act is Act.TURNS and first[Act.CRITICISES] < at < first[Act.AGREES] for act, at in acts)
        return Stance.PARTLY_AGREE if turned else Stance.DISAGREE  # "chưa sát, nhưng tôi vẫn đồng ý"
    if Act.CRITICISES in first:
        return Stance.PARTLY_AGREE
    turn = max((at for act, at in acts if act is Act.TURNS), default=-1)
    return Stance.PARTLY_AGREE if turn > first[Act.AGREES] and not _praised_after(acts, turn) else Stance.AGREE


def _praise(acts: Acts, first: dict[int, int]) -> Stance:
    """Praise alone is agreement; beside something amiss it is not, and after "nhưng" only praise keeps it one."""
    if Act.LAMENTS in first:
        return Stance.NONE
    turn = max((at for act, at in acts if act is Act.TURNS), default=-1)
    if turn >= 0 and not _praised_after(acts, turn):
        return Stance.PARTLY_AGREE
    return Stance.AGREE


def _praised_after(acts: Acts, turn: int) -> bool:
    return any(act is Act.PRAISES or act is Act.AGREES for act, at in acts if at > turn)


def _praised(first: dict[int, int]) -> bool:
    """Praise that comes before any request: "Dự thảo đã bổ sung ... là đúng"."""
    return (
        Act.PRAISES in first
        and Act.ASKS not in first
        and Act.CRITICISES not in first
        and first[Act.PRAISES] <= first.get(Act.WISHES, _NEVER)
    )


_ALONE: Final = {act: judge([(act, 0)]) for name, act in vars(Act).items() if name.isupper()}
"""What an act says when it is the only one."""
