"""How the figures came about: which classifier, what people checked, how good it was, and that nothing was left out. Pure."""

from collections import Counter
from collections.abc import Sequence

from services.report.figures.agreement import agreement, sampled, stance_accuracy, topic_accuracy
from services.report.figures.rows import Facts, OpinionRow
from services.report.model import Classifier, Faithfulness, Method, Waiting
from shared.consultation import ReviewPolicy
from shared.events import Outcome, ReviewReason


def method(facts: Facts, listed: Sequence[OpinionRow], policy: ReviewPolicy) -> Method:
    """`listed` are the opinions of counted submissions, as they stand."""
    standing = {d.decision.submission_id: d.decision.classifier for d in facts.decided.values()}
    used = Counter(standing[o.submission_id] for o in listed)
    waiting = [o for o in listed if o.review]
    reasons = Counter(reason for o in waiting for reason in o.review)
    read = sampled(facts.reviews)
    looked_at = {r.opinion_id: r for r in facts.reviews if r.kind != "sample"}
    return Method(
        classifiers=tuple(Classifier(version=name, opinions=n) for name, n in sorted(used.items())),
        by_people=sum(o.by == "correction" for o in listed),
        accept_from=policy.accept_from,
        sample_rate=policy.sample_rate,
        waiting=len(waiting),
        reasons=tuple(Waiting(reason=reason, opinions=reasons[reason]) for reason in ReviewReason if reasons[reason]),
        reviewed=len(looked_at),
        corrected=sum(not r.confirmed for r in looked_at.values()),
        sample_begun=len({r.opinion_id for r in facts.reviews if r.kind == "sample"}),
        sample_read=len(read),
        sample_open=sum(s.topics is None or s.stance is None for s in read),
        topic_agreement=agreement((s.first.topics[0], s.second.topics[0]) for s in read),
        stance_agreement=agreement((s.first.stance, s.second.stance) for s in read),
        topic_accuracy=topic_accuracy(read),
        stance_accuracy=stance_accuracy(read),
        faithfulness=faithfulness(facts),
    )


def faithfulness(facts: Facts) -> Faithfulness:
    """Every decided submission ends as classified, in review or unreadable, and none with words ends without an opinion."""
    held: Counter[str] = Counter()
    in_review: set[str] = set()
    for opinion in facts.opinions:
        held[opinion.submission_id] += 1
        if opinion.review:
            in_review.add(opinion.submission_id)
    has_text = {s.submission_id: s.has_text for s in facts.submissions}
    decisions = [d.decision for d in facts.decided.values()]
    read = [d for d in decisions if d.outcome in (Outcome.COUNTED, Outcome.DUPLICATE)]
    skipped = [
        d.submission_id
        for d in read
        if held[d.submission_id] != d.opinions
        or (d.outcome is Outcome.COUNTED and not d.opinions and has_text.get(d.submission_id, False))
    ]
    review = sum(d.submission_id in in_review for d in read)
    return Faithfulness(
        classified=len(read) - review,
        review=review,
        unreadable=sum(d.outcome is Outcome.UNREADABLE for d in decisions),
        referred=sum(d.outcome is Outcome.REFERRED for d in decisions),
        decided=len(decisions),
        without_opinion=tuple(sorted(skipped)),
    )
