"""What becomes of a submission, pure; whether it is a duplicate only the store can tell (`handlers.py`)."""

from collections.abc import Sequence

from services.classify.duplicates import duplicate_key
from services.classify.model import TopicModel
from services.classify.pipeline import Letter, TextRead, classify_texts
from services.classify.readable import unreadable
from services.classify.review.rules import reasons
from services.classify.unread_files import unread_files
from shared.consultation import ReviewPolicy
from shared.events import Outcome, SubmissionClassified, SubmissionReceived


def decide(received: SubmissionReceived, model: TopicModel, secret: bytes) -> SubmissionClassified:
    """The event for a submission, taken by itself: counted with its opinions, or unreadable with the reason.

    A stance without a text is counted and holds no opinion; it is carried on, with what it is about. Whatever the outcome, files
    that nobody has read are named, or the letter in them would be lost without anybody being told.
    """
    return decide_all([received], model, secret)[0]


def decide_all(received: Sequence[SubmissionReceived], model: TopicModel, secret: bytes) -> list[SubmissionClassified]:
    """The same for each of these, in their order, in less time than one by one."""
    refused = [unreadable(one) for one in received]
    letters = [
        Letter(one.text, one.submission_id, one.section_ref, one.stance)
        for one, reason in zip(received, refused, strict=True)
        if reason is None
    ]
    read = iter(classify_texts(letters, model))
    return [
        _classified(one, model, secret, reason, next(read) if reason is None else TextRead((), ()))
        for one, reason in zip(received, refused, strict=True)
    ]


def _classified(
    received: SubmissionReceived, model: TopicModel, secret: bytes, reason: str | None, read: TextRead
) -> SubmissionClassified:
    bare = reason is None and not received.text.strip()
    return SubmissionClassified(
        consultation=received.consultation,
        submission_id=received.submission_id,
        outcome=Outcome.COUNTED if reason is None else Outcome.UNREADABLE,
        duplicate_key=duplicate_key(secret, received) if reason is None else None,
        reason=reason,
        classifier=model.version,
        channel=received.channel,
        received_at=received.received_at,
        window=received.window,
        group=received.respondent.group,
        unit=received.respondent.unit,
        locality=received.respondent.locality,
        draft_id=received.draft_id if bare else None,
        section_ref=received.section_ref if bare else None,
        stance=received.stance if bare else None,
        opinions=read.opinions,
        set_aside=read.set_aside,
        unread_files=unread_files(received),
    )


def reviewed(
    event: SubmissionClassified, policy: ReviewPolicy, secret: bytes, model: TopicModel
) -> SubmissionClassified:
    """The same submission with the reasons why people have to look at its opinions; only what is counted needs a reader."""
    if event.outcome is not Outcome.COUNTED or not event.opinions:
        return event
    opinions = tuple(
        opinion.model_copy(update={"review": reasons(opinion, policy, secret, model.topics_of_section)})
        for opinion in event.opinions
    )
    return event.model_copy(update={"opinions": opinions})


def as_duplicate(classified: SubmissionClassified, original: str) -> SubmissionClassified:
    """The same submission, recognised as one that came before; its opinions stay readable."""
    return classified.model_copy(update={"outcome": Outcome.DUPLICATE, "duplicate_of": original})
