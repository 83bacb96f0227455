"""An item as the API gives it. Pure; the one place that decides what a blind reader is not told."""

from collections.abc import Sequence
from typing import Any

from services.classify.review.desk import Sheet, Sizes
from services.classify.review.item import SETTLE
from services.classify.review.text import covered, hidden_in, shown
from services.classify.review.wording import LANES
from shared.clock import format_instant
from shared.consultation import Consultation
from shared.events import Opinion


def described(sheet: Sheet) -> dict[str, Any]:
    """The item. In the blind sample nothing of what the classifier made of the opinion, nor why it would have been shown."""
    work, received = sheet.work, sheet.received
    focus = work.opinion
    seen = shown(received.text, focus, work.result, _hints(sheet))
    found: dict[str, Any] = {
        "item_id": work.item.id,
        "kind": work.item.kind,
        "opinion_id": focus.opinion_id,
        "revision": work.result.revision,
        "channel": received.channel,
        "received_at": format_instant(received.received_at),
        "start": focus.start,
        "end": focus.end,
        "petition_suspected": focus.petition_suspected,
        "given": sheet.given.value if sheet.given is not None else None,
        "followers": sheet.followers,
        "text": [
            {"text": p.text, "part": p.part, "sentence": p.sentence, "masked": p.masked, "hint": p.hint}
            for p in seen.pieces
        ],
        "sentences": [{"number": s.number, "start": s.start, "end": s.end} for s in seen.sentences],
    }
    if work.item.kind == SETTLE:
        found["readings"] = [{"topics": list(r.topics), "stance": r.stance.value} for r in work.item.readings]
    if not sheet.blind:
        found |= {
            "reasons": [reason.value for reason in focus.review] or [reason.value for reason in work.item.reasons],
            "machine": machine(focus, work.result.classifier, hidden_in(received.text, focus, work.result)),
        }
    return found


def machine(opinion: Opinion, classifier: str, hidden: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """What the classifier said, and why; words of the text without what is hidden in it."""
    edits = [
        edit.model_copy(
            update={"old": covered(edit.old, edit.old_at, hidden), "new": covered(edit.new, edit.new_at, hidden)}
        )
        for edit in opinion.edits
    ]
    return {
        "topics": list(opinion.topics),
        "stance": opinion.stance.value,
        "confidence": opinion.confidence,
        "classifier": classifier,
        "language": opinion.language,
        "general": opinion.general,
        "evidence": opinion.evidence.model_dump(mode="json") if opinion.evidence is not None else None,
        "cites": [cite.model_dump(mode="json") for cite in opinion.cites],
        "edits": [edit.model_dump(mode="json", exclude={"place"}) for edit in edits],
    }


def sizes(consultation: Consultation, found: Sizes, done_today: int | None) -> dict[str, Any]:
    """How much waits; `done_today` only for the reader who asks, about that reader alone."""
    answer: dict[str, Any] = {
        "consultation": consultation.id,
        "total": found.total,
        "lanes": {lane: found.lanes[lane] for lane in LANES},
        "second_readings": found.second,
    }
    return answer if done_today is None else answer | {"done_today": done_today}


def _hints(sheet: Sheet) -> tuple[str, ...]:
    evidence = sheet.work.opinion.evidence
    return () if sheet.blind or evidence is None else evidence.hints
