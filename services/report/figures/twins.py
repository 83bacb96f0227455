"""The same words from many: how many people, submissions and different texts, and the form letters. Nothing is merged away."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from services.report.figures.quotes import mask
from services.report.figures.rows import Facts, OpinionRow, Submission
from services.report.model import Campaign, Uniqueness

SMALLEST = 3  # submissions with one text: fewer are neighbours who wrote together


def uniqueness(submissions: Sequence[Submission], opinions: Sequence[OpinionRow]) -> Uniqueness:
    """Counts of the totals, cumulative; an opinion without a text key (an older event) counts as a text of its own."""
    people = {s.person for s in submissions if s.person is not None}
    return Uniqueness(
        submissions=len(submissions),
        people=len(people),
        unknown=sum(s.person is None for s in submissions),
        opinions=len(opinions),
        unique_texts=len({o.text_key or o.opinion_id for o in opinions}),
        unique_or_near=len({o.same_as or o.opinion_id for o in opinions}),
    )


def campaigns(facts: Facts, listed: Sequence[OpinionRow]) -> tuple[Campaign, ...]:
    """Form letters of `SMALLEST` submissions or more, the largest first; the first submission stands for all of them."""
    known = {s.submission_id: s for s in facts.submissions}
    by_submission: dict[str, list[OpinionRow]] = defaultdict(list)
    for opinion in listed:
        by_submission[opinion.submission_id].append(opinion)
    signed: dict[str, list[str]] = defaultdict(list)
    for id_ in by_submission:
        if (campaign := facts.decided[id_].decision.campaign) is not None and campaign != id_:
            signed[campaign].append(id_)
    found = [
        _campaign(first, [known[id_] for id_ in (first, *copies) if id_ in known], by_submission)
        for first, copies in signed.items()
        if len(copies) + 1 >= SMALLEST
    ]
    return tuple(sorted(found, key=lambda c: (-c.submissions, c.campaign)))


def _campaign(first: str, submissions: Sequence[Submission], opinions: dict[str, list[OpinionRow]]) -> Campaign:
    people = Counter(s.person for s in submissions)
    own = [o for s in submissions if s.submission_id != first for o in opinions[s.submission_id] if o.same_as is None]
    longest = max((o for o in opinions.get(first, ()) if not o.withdrawn), key=lambda o: len(o.text), default=None)
    return Campaign(
        campaign=first,
        submissions=len(submissions),
        people=len(people) - (None in people),
        unknown=people[None],
        opinions=sum(len(opinions[s.submission_id]) for s in submissions if s.submission_id in opinions),
        own_opinions=len(own),
        text="" if longest is None else mask(longest.text, longest.pii),
    )
