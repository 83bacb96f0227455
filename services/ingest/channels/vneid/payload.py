"""What a verified message says, as a submission. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.ingest import submission
from services.ingest.channels.vneid.settings import Issuer
from services.ingest.channels.vneid.verify import REGISTERED, Trusted
from services.ingest.faults import Fault, Faults, from_validation
from services.ingest.submission import Submission
from shared.consultation import Consultation
from shared.events import Stance
from shared.text import fold, reject_reason

# As the citizen sees them (formats.md §3), folded; our own codes are taken as well.
LABELS = {
    fold("Tán thành"): Stance.AGREE,
    fold("Đồng ý"): Stance.AGREE,
    fold("Không tán thành"): Stance.DISAGREE,
    fold("Không đồng ý"): Stance.DISAGREE,
    fold("Đồng ý một phần"): Stance.PARTLY_AGREE,
    fold("Tán thành một phần"): Stance.PARTLY_AGREE,
}
UNKNOWN_STANCE = "Mức độ tán thành phải là Tán thành, Không tán thành, Đồng ý một phần hoặc mã tương ứng của hệ thống."
_NO_FIELD = "Hệ thống không có mục này."
_NO_DRAFT = "Đợt lấy ý kiến này không có dự thảo đã ghi; nội dung vẫn được tiếp nhận, mã dự thảo được giữ như đã ghi."
_OURS = {
    "respondent.group": "respondent_group",
    "respondent.locality": "locality_code",
    "respondent": "respondent_group",
}


class Said(BaseModel):
    """The payload under our own names; `submission.read` looks at the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    consultation_id: str = Field(min_length=1, max_length=64)
    draft_id: str | None = Field(None, max_length=64)
    section_ref: str | None = Field(None, max_length=200)
    stance: str | None = Field(None, max_length=64)
    text: str | None = None
    respondent_group: str | None = Field(None, max_length=64)
    locality_code: str | None = Field(None, max_length=64)
    submitted_at: str | None = Field(None, max_length=64)


@dataclass(frozen=True)
class Mapped:
    """The payload's fields under our names, and what identifies the content."""

    fields: dict[str, Any]
    fingerprint: (
        str  # hex SHA-256: the same for the same content and person, whenever and with whichever key it was signed
    )


def mapped(trusted: Trusted, ours: Iterable[str]) -> Mapped:
    """The claims under our names. Raises Faults for a claim that is neither registered, nor ours, nor told to be ignored:
    a misspelt name would silently lose what the citizen wrote.
    """
    issuer = trusted.issuer
    names = {issuer.theirs(name): name for name in ours}
    strange = sorted(set(trusted.claims) - set(names) - REGISTERED - set(issuer.ignored))
    if strange:
        raise Faults(
            [Fault((name if name.isprintable() else ascii(name)[1:-1])[:100], _NO_FIELD) for name in strange[:20]]
        )
    fields = {name: trusted.claims[their] for their, name in names.items() if their in trusted.claims}
    return Mapped(fields, fingerprint(fields | {"sub": trusted.sub}))


def fingerprint(fields: Mapping[str, Any]) -> str:
    """Of the content; a field that is null says as much as one that is absent."""
    told = {name: value for name, value in fields.items() if value is not None}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def read(fields: Mapping[str, Any], issuer: Issuer) -> Said:
    """Raises Faults naming each wrong field as the issuer calls it."""
    try:
        return Said.model_validate(fields)
    except ValidationError as error:
        raise renamed(Faults(from_validation(error)), issuer) from error


def submit(said: Said, trusted: Trusted, consultation: Consultation) -> Submission:
    """The submission, or Faults (and TooLarge) naming each wrong field as the issuer calls it.

    A draft or section that the consultation does not have is kept as written and noted, as in the other channels.
    """
    faults: list[Fault] = []
    notes: list[Fault] = []
    stance = stance_of(said.stance, trusted.issuer)
    if said.stance and said.stance.strip() and stance is None:
        faults.append(Fault("stance", UNKNOWN_STANCE))
    draft_id = draft_of(said.draft_id, consultation, faults, notes)
    try:
        request = submission.read(
            {
                "text": said.text or "",
                "section_ref": section_of(said.section_ref, draft_id, consultation),
                "stance": stance,
                "respondent": {"group": said.respondent_group, "locality": said.locality_code},
                "submitted_at": said.submitted_at,
            }
        )
        checked = submission.check(request, consultation, noted=faults)
    except Faults as error:
        raise renamed(error, trusted.issuer) from error
    account = None if trusted.sub is None else f"vneid:{trusted.issuer.issuer}:{trusted.sub}"
    person = checked.person.model_copy(update={"account": account})
    told = renamed_all((*notes, *checked.notes), trusted.issuer)
    return checked.model_copy(update={"draft_id": draft_id, "person": person, "notes": told})


def stance_of(word: str | None, issuer: Issuer) -> Stance | None:
    """By our code, the citizens' label or a word of the issuer's; None when it is none of them."""
    if word is None or not word.strip():
        return None
    if word.strip() in set(Stance):
        return Stance(word.strip())
    return (LABELS | issuer.stance_words()).get(fold(word))


def draft_of(
    draft_id: str | None, consultation: Consultation, faults: list[Fault], notes: list[Fault], field: str = "draft_id"
) -> str | None:
    """The draft as written, noted when the consultation has none of that id."""
    found = (draft_id or "").strip() or None
    if found is not None and (reason := reject_reason(found)):
        faults.append(Fault(field, reason))
        return None
    if found is not None and found not in {draft.id for draft in consultation.drafts}:
        notes.append(Fault(field, _NO_DRAFT))
    return found


def section_of(ref: str | None, draft_id: str | None, consultation: Consultation) -> str | None:
    """The section; named with its draft where several drafts have the same number (`Consultation.section_refs`)."""
    found = (ref or "").strip() or None
    whole = f"{draft_id}:{found}"
    several = len(consultation.drafts) > 1
    return whole if found and draft_id and several and whole in consultation.section_refs() else found


def renamed(error: Faults, issuer: Issuer) -> Faults:
    """The same faults, under the names that the issuer knows."""
    return Faults(renamed_all(error.faults, issuer))


def renamed_all(faults: Sequence[Fault], issuer: Issuer) -> tuple[Fault, ...]:
    """Field names of ours as the issuer's; only the first part of a path is a claim."""

    def name(field: str) -> str:
        ours = _OURS.get(field, field)
        claim = ours.split(".")[0].split("[")[0]
        return issuer.theirs(claim) + ours[len(claim) :]

    return tuple(Fault(name(fault.field), fault.reason) for fault in faults)
