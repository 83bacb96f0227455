"""What the page of one opinion shows, made from the item: words for codes, masked texts, lines of the draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.classify.review import wording
from services.classify.review.desk import Sheet
from services.classify.review.item import SETTLE
from services.classify.review.text import Shown, hidden_in, masked, shown, spelt
from services.classify.review.web.places import Place, cited_places, edit_places
from shared.consultation import Consultation
from shared.events import Evidence, Stance
from shared.registry import Consultations

_LABEL = 70  # code points of a sentence in a list
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Choice:
    """A group or a stance to choose."""

    value: str
    label: str
    hint: str
    chosen: bool


@dataclass(frozen=True)
class Option:
    """A sentence to choose as the first or the last of the opinion."""

    number: int
    label: str


@dataclass(frozen=True)
class MachineView:
    """What the classifier said, and why."""

    topics: tuple[str, ...]
    stance: str
    confidence: float
    classifier: str
    by: str
    hints: tuple[str, ...]
    sections: tuple[str, ...]
    terms: tuple[tuple[str, int, float], ...]
    cites: tuple[Place, ...]
    edits: tuple[Place, ...]
    general: bool


@dataclass(frozen=True)
class SheetView:
    """Everything the template needs beside the sheet. `machine` is None for a blind reader."""

    text: Shown
    channel: str
    received_at: datetime
    language: str | None
    given: str | None
    topics: tuple[Choice, ...]
    stances: tuple[Choice, ...]
    sentences: tuple[Option, ...]
    first: int
    last: int
    machine: MachineView | None
    readings: tuple[tuple[tuple[str, ...], str], ...]
    reasons: tuple[str, ...]


async def sheet_view(
    published: Consultations, consultation: Consultation, sheet: Sheet, form: Form | None = None
) -> SheetView:
    """The view; `form`: what was entered, after a fault. Raises Transient when the draft's text cannot be had now."""
    opinion, received = sheet.work.opinion, sheet.received
    evidence = opinion.evidence
    hints = evidence.hints if evidence is not None and not sheet.blind else ()
    text = shown(received.text, opinion, sheet.work.result, hints)
    hidden = hidden_in(received.text, opinion, sheet.work.result)
    channel = consultation.channel(received.channel)
    topics, stance = _preset(sheet, form)
    return SheetView(
        text=text,
        channel=channel.name if channel is not None else received.channel,
        received_at=received.received_at,
        language=None if sheet.blind or opinion.language == "vi" else wording.language(opinion.language),
        given=wording.STANCES[sheet.given] if sheet.given is not None else None,
        topics=tuple(
            Choice(str(code), title, hint, str(code) in topics) for code, title, hint in wording.topics(consultation)
        ),
        stances=tuple(
            Choice(s.value, wording.STANCES[s], wording.STANCE_HINTS[s], s.value == stance) for s in wording.STANCES
        ),
        sentences=tuple(
            Option(s.number, _short(masked(received.text, s.start, s.end, hidden))) for s in text.sentences
        ),
        first=_number(form, "first", 1),
        last=_number(form, "last", len(text.sentences)),
        machine=None if sheet.blind else await _machine(published, consultation, sheet, hidden),
        readings=_readings(consultation, sheet),
        reasons=() if sheet.blind else tuple(wording.LANES[reason.value][0] for reason in sheet.work.item.reasons),
    )


def _preset(sheet: Sheet, form: Form | None) -> tuple[frozenset[str], str]:
    """What is chosen when the page opens: the machine's answer to correct, nothing for a blind reader."""
    if form is not None:
        return frozenset(form.get("topics", ())), (form.get("stance") or ("",))[0]
    stance = sheet.given.value if sheet.given is not None else ""
    if sheet.blind:
        return frozenset(), stance
    return frozenset(map(str, sheet.work.opinion.topics)), stance or sheet.work.opinion.stance.value


async def _machine(
    published: Consultations, consultation: Consultation, sheet: Sheet, hidden: Sequence[tuple[int, int]]
) -> MachineView:
    opinion, result = sheet.work.opinion, sheet.work.result
    evidence = opinion.evidence
    return MachineView(
        topics=_titles(consultation, opinion.topics),
        stance=wording.STANCES[opinion.stance],
        confidence=opinion.confidence,
        classifier=result.classifier,
        by=_by(evidence),
        hints=evidence.hints if evidence is not None else (),
        sections=tuple(wording.section(consultation, ref) for ref in evidence.sections) if evidence is not None else (),
        terms=tuple((spelt(opinion.text, t.term), t.topic, t.weight) for t in evidence.terms)
        if evidence is not None
        else (),
        cites=await cited_places(published, consultation, opinion, sheet.received.text),
        edits=await edit_places(published, consultation, opinion, hidden),
        general=opinion.general,
    )


def _by(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    if evidence.by == "words" and not (evidence.hints or evidence.sections or evidence.terms):
        return wording.NO_CUE
    return wording.EVIDENCE_BY[evidence.by]


def _readings(consultation: Consultation, sheet: Sheet) -> tuple[tuple[tuple[str, ...], str], ...]:
    """What two blind readers said, for the third; never who they were, so in no order that would tell."""
    if sheet.work.item.kind != SETTLE:
        return ()
    said = [(_titles(consultation, r.topics), wording.STANCES[Stance(r.stance)]) for r in sheet.work.item.readings]
    return tuple(sorted(said))


def _titles(consultation: Consultation, codes: Sequence[int]) -> tuple[str, ...]:
    titles = ((code, wording.topic_title(consultation, code)) for code in codes)
    return tuple(f"{code}. {title}" if code else title for code, title in titles)


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= _LABEL else flat[: _LABEL - 1].rstrip() + "…"


def _number(form: Form | None, name: str, default: int) -> int:
    value = (form.get(name) or ("",))[0] if form is not None else ""
    return int(value) if value.isdecimal() and len(value) < 5 else default
