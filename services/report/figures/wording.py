"""Wording changes that opinions ask for, competing ones of one place together. Pure; every word is a citizen's or the draft's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.report.figures.rows import OpinionRow
from services.report.model import Proposal, WordingPlace
from shared.events import DraftPlace, Edit
from shared.text import fold


@dataclass(frozen=True)
class _Asked:
    edit: Edit
    opinion: OpinionRow


def wording(opinions: Sequence[OpinionRow], drafts: Mapping[str, str]) -> tuple[WordingPlace, ...]:
    """Places in the order of the drafts (`drafts`: id -> title), then what could not be found in any; all cumulative."""
    asked = [_Asked(edit, opinion) for opinion in opinions for edit in opinion.edits if not _personal(edit, opinion)]
    located = [(a, a.edit.located) for a in asked if a.edit.located is not None]
    order = {draft_id: n for n, draft_id in enumerate(drafts)}
    located.sort(
        key=lambda pair: (
            order.get(pair[1].draft_id, len(order)),
            pair[1].draft_id,
            pair[1].version,
            pair[1].start,
            pair[1].end,
        )
    )
    found = [_place(drafts, group) for group in _overlapping(located)]
    lost: dict[tuple[str, str], list[_Asked]] = defaultdict(list)
    for a in asked:
        if a.edit.located is None:
            lost[a.edit.op if a.edit.old is None else "", fold(a.edit.old or a.edit.place or a.edit.new or "")].append(
                a
            )
    return (*found, *(_unplaced(group) for group in lost.values()))


def _personal(edit: Edit, opinion: OpinionRow) -> bool:
    """A change whose words hold personal data is shown with its opinion only, where they are masked."""
    shown = [words for words in (edit.old, edit.new, edit.place) if words]
    return any(
        (opinion.start + start < edit.end and edit.start < opinion.start + end)
        or any(opinion.text[start:end] in words for words in shown)  # a place may be named far from the wording
        for start, end in opinion.pii
    )


def _overlapping(located: Iterable[tuple[_Asked, DraftPlace]]) -> list[list[tuple[_Asked, DraftPlace]]]:
    """Runs of places of one draft version that share letters; insertions beside the same words stand together."""
    groups: list[list[tuple[_Asked, DraftPlace]]] = []
    end = -1
    last: tuple[str, int] | None = None
    for asked, place in located:
        where = (place.draft_id, place.version)
        if where == last and place.start < end:
            groups[-1].append((asked, place))
            end = max(end, place.end)
        else:
            groups.append([(asked, place)])
            last, end = where, place.end
    return groups


def _place(drafts: Mapping[str, str], group: Sequence[tuple[_Asked, DraftPlace]]) -> WordingPlace:
    place = group[0][1]
    return WordingPlace(
        draft=drafts.get(place.draft_id, place.draft_id),
        section=place.section,
        located=True,
        proposals=_proposals([asked for asked, _ in group]),
    )


def _removed(edit: Edit) -> str:
    """What is to go: its words, else the place of a passage, by where it stands or as it is named."""
    if edit.old is None and edit.op == "delete":
        return f"{edit.located.start}-{edit.located.end}" if edit.located is not None else fold(edit.place or "")
    return fold(edit.old or "")


def _unplaced(group: Sequence[_Asked]) -> WordingPlace:
    return WordingPlace(draft=None, section=None, located=False, proposals=_proposals(group))


def _proposals(group: Sequence[_Asked]) -> tuple[Proposal, ...]:
    """Equal ones once, with how many opinions make them, in the order of their first arrival."""
    same: dict[tuple[str, str, str], list[_Asked]] = defaultdict(list)
    for asked in group:
        same[asked.edit.op, _removed(asked.edit), fold(asked.edit.new or "")].append(asked)
    return tuple(
        Proposal(
            op=first.edit.op,
            old=first.edit.old,
            new=first.edit.new,
            place=first.edit.place,
            opinions=len({a.opinion.opinion_id for a in asked}),
            first_opinion_id=first.opinion.opinion_id,
            submission_id=first.opinion.submission_id,
        )
        for asked in same.values()
        for first in asked[:1]
    )
