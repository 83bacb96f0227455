"""One stored result read anew by the present model: pure.

How a text was split stays as it is, for answers and decisions name its opinions; what people decided stays, and so does a stance
that the writer chose.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from services.classify.corrections.apply import inherited, usable
from services.classify.corrections.effective import Label
from services.classify.decide import reviewed
from services.classify.model import TopicModel
from services.classify.pipeline import read_pieces
from services.classify.steps.view import View, view
from shared.consultation import ReviewPolicy
from shared.events import Opinion, ReviewReason, SubmissionClassified, SubmissionReceived

_NO_CHANGE = {"confidence", "evidence", "similarity"}  # another figure is no other answer


@dataclass(frozen=True)
class Rules:
    """By what a consultation's results are read."""

    model: TopicModel
    policy: ReviewPolicy
    secret: bytes


@dataclass(frozen=True)
class People:
    """What people decided: about other opinions (labels by key), and about these very ones (ids)."""

    labels: Mapping[str, Label]
    direct: Collection[str]


@dataclass(frozen=True)
class Difference:
    """What would change, counted in opinions; no words. `examples` are opinion ids."""

    topics: Counter[str] = field(default_factory=Counter)
    stances: Counter[str] = field(default_factory=Counter)
    review_in: int = 0
    review_out: int = 0
    other: int = 0
    examples: tuple[str, ...] = ()


def reread(
    current: SubmissionClassified, received: SubmissionReceived, rules: Rules, people: People
) -> SubmissionClassified | None:
    """The result as it would be today, its revision untouched; None when it would be the same."""
    seen = view(received.text)
    anew = _anew(seen, [o for o in current.opinions if not _stays(o, people)], received, rules.model)
    opinions = tuple(anew.get(opinion.opinion_id, opinion) for opinion in current.opinions)
    fresh = current.model_copy(update={"opinions": opinions, "classifier": rules.model.version})
    fresh = inherited(fresh, usable(people.labels, rules.model.codes), people.direct, received.stance) or fresh
    judged = {
        o.opinion_id: o for o in reviewed(_as_heads(fresh, current), rules.policy, rules.secret, rules.model).opinions
    }
    after = tuple(
        opinion if _stays(opinion, people) else opinion.model_copy(update={"review": judged[opinion.opinion_id].review})
        for opinion in fresh.opinions
    )
    changed = any(_said(old) != _said(new) for old, new in zip(current.opinions, after, strict=True))
    return fresh.model_copy(update={"opinions": after}) if changed else None


def _as_heads(fresh: SubmissionClassified, current: SubmissionClassified) -> SubmissionClassified:
    """For judging: a twin that waits in place of its head (`review/heirs.py`) is asked what a head is asked."""
    opinions = tuple(
        new.model_copy(update={"same_as": None}) if old.review else new
        for old, new in zip(current.opinions, fresh.opinions, strict=True)
    )
    return fresh.model_copy(update={"opinions": opinions})


def difference(before: SubmissionClassified, after: SubmissionClassified) -> Difference:
    """What changed between two results of one submission that hold the same opinions."""
    topics: Counter[str] = Counter()
    stances: Counter[str] = Counter()
    into = out = other = 0
    examples: list[str] = []
    for old, new in zip(before.opinions, after.opinions, strict=True):
        if _said(old) == _said(new):
            continue
        examples.append(old.opinion_id)
        if old.topics != new.topics:
            topics[f"{_codes(old)} -> {_codes(new)}"] += 1
        if old.stance is not new.stance:
            stances[f"{old.stance.value} -> {new.stance.value}"] += 1
        into += bool(new.review and not old.review)
        out += bool(old.review and not new.review)
        other += old.topics == new.topics and old.stance is new.stance and bool(old.review) == bool(new.review)
    return Difference(topics, stances, into, out, other, tuple(examples))


def _stays(opinion: Opinion, people: People) -> bool:
    """People decided about it, or are about to: two of them read it differently."""
    disputed = {ReviewReason.SAMPLE, ReviewReason.CONFLICT} <= set(opinion.review)
    return disputed or opinion.opinion_id in people.direct


def _anew(
    seen: View, opinions: Sequence[Opinion], received: SubmissionReceived, model: TopicModel
) -> dict[str, Opinion]:
    spans = {opinion.opinion_id: (opinion.start, opinion.end) for opinion in opinions}
    read = read_pieces(seen, spans, model, section_ref=received.section_ref, given=received.stance)
    return {
        old.opinion_id: new.model_copy(
            update={"same_as": old.same_as, "similarity": old.similarity, "review": old.review}
        )
        for old, new in zip(opinions, read, strict=True)
    }


def _said(opinion: Opinion) -> Mapping[str, object]:
    return {name: value for name, value in opinion if name not in _NO_CHANGE}


def _codes(opinion: Opinion) -> str:
    return "+".join(str(code) for code in opinion.topics)
