"""The annex, pure: one row per opinion, and every received submission that has no row, so that nothing is missing."""

from collections.abc import Callable

from services.report.figures.labels import Labels
from services.report.figures.quotes import mask
from services.report.figures.rows import Facts
from services.report.model import AnnexRow, LeftOver, UnreadFiles
from shared.events import Outcome

WITHDRAWN = "[Ý kiến đã được rút theo yêu cầu]"
LISTED = (Outcome.COUNTED, Outcome.DUPLICATE)


def annex(facts: Facts, labels: Labels, in_period: Callable[[str], bool]) -> tuple[AnnexRow, ...]:
    """The opinions of counted and duplicate submissions in order of arrival, personal data masked."""
    rows = [o for o in facts.opinions if o.outcome in LISTED]
    return tuple(
        AnnexRow(
            number=number,
            opinion_id=o.opinion_id,
            submission_id=o.submission_id,
            received_at=o.received_at,
            window=o.window,
            outcome=o.outcome,
            duplicate_of=facts.decided[o.submission_id].decision.duplicate_of,
            in_period=in_period(o.submission_id),
            channel=labels.channels.get(o.channel, o.channel),
            group=labels.groups.get(o.group or "", o.group or ""),
            unit=labels.units.get(o.unit or "", o.unit or ""),
            locality=labels.localities.get(o.locality or "", o.locality or ""),
            topic_code=o.topic,
            topic_title=labels.topics.get(o.topic, str(o.topic)),
            second_topic_code=o.second_topic,
            stance=o.stance,
            confidence=o.confidence,
            places=o.places,
            petition_suspected=o.petition_suspected,
            general=o.general,
            same_as=o.same_as,
            review=o.review,
            by_people=o.by == "correction",
            reasons=o.reasons,
            text=WITHDRAWN if o.withdrawn else mask(o.text, o.pii),
        )
        for number, o in enumerate(rows, start=1)
    )


def left_over(facts: Facts, labels: Labels) -> tuple[LeftOver, ...]:
    """Received submissions without an annex row, in order of arrival."""
    with_row = {o.submission_id for o in facts.opinions if o.outcome in LISTED}
    found = []
    for submission in facts.submissions:
        if submission.submission_id in with_row:
            continue
        decided = facts.decided.get(submission.submission_id)
        found.append(
            LeftOver(
                submission_id=submission.submission_id,
                received_at=submission.received_at,
                channel=labels.channels.get(submission.channel, submission.channel),
                state="pending" if decided is None else decided.decision.outcome.value,
                duplicate_of=decided.decision.duplicate_of if decided else None,
                reason=decided.decision.reason if decided else None,
            )
        )
    return tuple(found)


def unread_files(facts: Facts, labels: Labels) -> tuple[UnreadFiles, ...]:
    """Received submissions with files that wait to be read by people, in order of arrival; all of them stand in the figures too."""
    waiting = (
        (submission, decided.decision)
        for submission in facts.submissions
        if submission.submission_id not in facts.withdrawn
        and (decided := facts.decided.get(submission.submission_id)) is not None
        and decided.decision.unread_files
    )
    return tuple(
        UnreadFiles(
            submission_id=submission.submission_id,
            received_at=submission.received_at,
            channel=labels.channels.get(submission.channel, submission.channel),
            state=decision.outcome.value,
            files=decision.unread_files,
        )
        for submission, decision in waiting
    )
