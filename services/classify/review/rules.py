"""Which opinions people have to look at, and why: pure."""

import hashlib
import hmac
from collections.abc import Callable

from shared.consultation import ReviewPolicy
from shared.events import Edit, Opinion, ReviewReason, Stance

OUTSIDE = 0
VIETNAMESE = "vi"
_DOMAIN = b"review-sample:"  # the key serves other hashes too
_RANGE = 2**64


def no_groups(_ref: str) -> tuple[int, ...]:
    """No section is tied to a group."""
    return ()


def reasons(
    opinion: Opinion,
    policy: ReviewPolicy,
    secret: bytes,
    groups_of: Callable[[str], tuple[int, ...]] = no_groups,
) -> tuple[ReviewReason, ...]:
    """Why a reader is needed, in the order of `ReviewReason`; empty: accepted as it stands.

    `groups_of` names the topic groups that the definition ties to a section. What a person has decided, and what says the same as
    an opinion before it, needs no reader of its own: it follows that decision.
    """
    if opinion.same_as is not None or (opinion.evidence is not None and opinion.evidence.by == "correction"):
        return ()
    found: list[ReviewReason] = []
    if opinion.confidence < policy.accept_from:
        found.append(ReviewReason.LOW_CONFIDENCE)
    if opinion.topics == (OUTSIDE,):
        found.append(ReviewReason.OUTSIDE)
    if _section_disagrees(opinion, groups_of) or _stance_disagrees(opinion.stance, opinion.edits):
        found.append(ReviewReason.CONFLICT)
    if opinion.language != VIETNAMESE:
        # What the sample measures is how Vietnamese is read; another tongue is read by people anyway.
        found.append(ReviewReason.LANGUAGE)
    elif drawn(opinion.opinion_id, policy.sample_rate, secret):
        found.append(ReviewReason.SAMPLE)
    return tuple(found)


def drawn(opinion_id: str, rate: float, secret: bytes) -> bool:
    """Whether the blind sample holds it: the same answer at every revision and in every replica, and none that can be foreseen."""
    digest = hmac.digest(secret, _DOMAIN + opinion_id.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") < rate * _RANGE


def _section_disagrees(opinion: Opinion, groups_of: Callable[[str], tuple[int, ...]]) -> bool:
    """The section it cites belongs to groups of which none was chosen."""
    sections = opinion.evidence.sections if opinion.evidence is not None else ()
    if not sections and not opinion.cites:
        return False
    cited = {*sections, *(cite.units.get("section") for cite in opinion.cites)}
    tied = {code for ref in cited if ref is not None for code in groups_of(ref)}
    return bool(tied) and tied.isdisjoint(opinion.topics)


def _stance_disagrees(stance: Stance, edits: tuple[Edit, ...]) -> bool:
    """Agreement with the draft, and a wording that must go or change: one of both was misread, or a button was misunderstood.

    An agreement may name an addition ("nhất trí bổ sung Chương X"), so insertions are no contradiction.
    """
    return bool(edits) and stance is Stance.AGREE and any(edit.op in {"replace", "delete"} for edit in edits)
