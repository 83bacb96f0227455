"""What people's decisions make of a result: pure.

A decision is direct (about this very opinion) or inherited from one that says the same. The same words have the same topic and the
same stance; nearly the same words only the same topic, for one "không" turns a stance. A stance that the writer chose stays.
"""

from collections.abc import Collection, Iterable, Mapping

from services.classify.corrections.effective import Label
from services.classify.corrections.span import shrunk
from services.classify.pipeline import text_key
from shared.events import Evidence, Opinion, ReviewReason, Stance, SubmissionClassified

_NO_WORDS = text_key("")


def decided(
    event: SubmissionClassified, opinion_id: str, label: Label, given: Stance | None
) -> SubmissionClassified | None:
    """The result with one opinion as a person decided it; None when it is so already. Raises Permanent for an impossible span."""
    opinions: list[Opinion] = []
    for opinion in event.opinions:
        if opinion.opinion_id != opinion_id:
            opinions.append(opinion)
            continue
        if follows(opinion, label):
            return None
        parts = [opinion]
        if label.start is not None and label.end is not None:
            parts = shrunk(opinion, label.start, label.end, _next_number(event.opinions))
        opinions += [_labelled(parts[0], label, stance=given or label.stance, confidence=1.0), *parts[1:]]
    return event.model_copy(update={"opinions": tuple(sorted(opinions, key=lambda opinion: opinion.start))})


def contested(event: SubmissionClassified, opinion_id: str) -> SubmissionClassified | None:
    """The result with one opinion marked as read differently by two people; None when it is marked already."""
    found = [opinion for opinion in event.opinions if opinion.opinion_id == opinion_id]
    if not found or ReviewReason.CONFLICT in found[0].review:
        return None
    marked = found[0].model_copy(update={"review": (*found[0].review, ReviewReason.CONFLICT)})
    return event.model_copy(update={"opinions": tuple(marked if o is found[0] else o for o in event.opinions)})


def keys(opinions: Iterable[Opinion]) -> set[str]:
    """Under which keys labels for these opinions may be found."""
    return {key for opinion in opinions for key in (words_of(opinion), head_of(opinion)) if key is not None}


def words_of(opinion: Opinion) -> str | None:
    """The key of its words; None when it has none ("?!"), for then it is like every other that has none."""
    return None if opinion.text_key == _NO_WORDS else opinion.text_key


def usable(labels: Mapping[str, Label], codes: Collection[int]) -> dict[str, Label]:
    """Those of the labels whose topic groups the definition (still) has."""
    return {key: label for key, label in labels.items() if set(label.topics) <= {0, *codes}}


def head_of(opinion: Opinion) -> str:
    """The first opinion of its cluster."""
    return opinion.same_as or opinion.opinion_id


def head_reached(opinion: Opinion, label: Label) -> str | None:
    """The head of the cluster that a decision about an opinion concerns; None when it was cut: the others say more than it."""
    return None if label.cut else head_of(opinion)


def reached(opinion: Opinion, label: Label) -> set[str]:
    """The keys of all that a decision about an opinion (as it is after it) concerns."""
    return {key for key in (words_of(opinion), head_reached(opinion, label)) if key is not None}


def inherited(
    event: SubmissionClassified, labels: Mapping[str, Label], direct: Collection[str], given: Stance | None
) -> SubmissionClassified | None:
    """The result with what its opinions inherit from `labels` (by key); None when nothing changes.

    `direct` are the ids of opinions that people decided themselves: these stay.
    """
    changed = False
    opinions: list[Opinion] = []
    for opinion in event.opinions:
        exact = labels.get(words_of(opinion) or "")
        label = exact or labels.get(head_of(opinion))
        if label is None or opinion.opinion_id in direct or follows(opinion, label):
            opinions.append(opinion)
            continue
        changed = True
        stance = given or (exact.stance if exact else opinion.stance)
        confidence = 1.0 if exact else opinion.similarity or 1.0
        opinions.append(_labelled(opinion, label, stance=stance, confidence=confidence))
    return event.model_copy(update={"opinions": tuple(opinions)}) if changed else None


def follows(opinion: Opinion, label: Label) -> bool:
    """Whether an opinion stands where it stands because of this very decision."""
    evidence = opinion.evidence
    return evidence is not None and evidence.by == "correction" and evidence.review_id == label.review_id


def _labelled(opinion: Opinion, label: Label, *, stance: Stance, confidence: float) -> Opinion:
    evidence = Evidence(by="correction", review_id=label.review_id)
    return opinion.model_copy(
        update={
            "topics": label.topics,
            "stance": stance,
            "confidence": confidence,
            "review": (),
            "evidence": evidence,
        }
    )


def _next_number(opinions: Iterable[Opinion]) -> int:
    return 1 + max(int(opinion.opinion_id.rpartition("-")[2]) for opinion in opinions)
