"""What a sender may send, and the pure rules it must keep. Every fault names its field and says why, in Vietnamese.

Channels read their own format into `SubmissionRequest`; `check` turns it into a `Submission` that nothing can refuse later.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from services.ingest import attachments as files
from services.ingest import respondent as people
from services.ingest.faults import Fault, Faults, TooLarge, from_validation
from shared import text as texts
from shared.consultation import Consultation
from shared.events import Automatic, Frozen, Reading, Stance

MAX_TEXT = 400_000  # bytes of UTF-8: about 150 pages, yet small enough for one message of the bus


def _instant_as_text(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("Thời điểm phải theo ISO 8601, ví dụ 2025-06-11T08:00:00+07:00.")  # noqa: TRY004 - pydantic wants ValueError
    return value


def _few(value: object) -> object:
    """Pydantic counts only after it has looked for the faults of every item: a hundred thousand would cost it a GB."""
    if isinstance(value, list | tuple) and len(value) > files.MAX_FILES:
        raise PydanticCustomError("too_long", "too many files", {"max_length": files.MAX_FILES})
    return value


def _within_calendar(at: datetime) -> datetime:
    """The first and the last hours of the calendar have no time in UTC, by which instants are kept."""
    try:
        at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("Thời điểm nằm ngoài lịch.") from error
    return at


class _Request(BaseModel):
    """Frozen; an unknown field is refused, because a misspelt name would silently lose what the citizen wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RespondentInput(_Request):
    """Who writes, as far as they wish to say. Lengths in characters."""

    name: str | None = Field(None, max_length=200)
    phone: str | None = Field(None, max_length=40)
    email: str | None = Field(None, max_length=254)
    address: str | None = Field(None, max_length=500)
    group: str | None = Field(None, max_length=64)
    unit: str | None = Field(None, max_length=64)
    locality: str | None = Field(None, max_length=64)


class AttachmentInput(_Request):
    """A file inside the JSON body."""

    filename: str = Field(max_length=255)
    content_type: str = Field(max_length=127)
    content_base64: str


class SubmissionRequest(_Request):
    """The JSON body of `POST /api/v1/consultations/{id}/submissions`; other channels fill in the same."""

    text: str = ""
    section_ref: str | None = Field(None, max_length=200)
    stance: Stance | None = None
    respondent: RespondentInput | None = None
    attachments: Annotated[tuple[AttachmentInput, ...], BeforeValidator(_few)] = Field((), max_length=files.MAX_FILES)
    submitted_at: (
        Annotated[AwareDatetime, BeforeValidator(_instant_as_text), AfterValidator(_within_calendar)] | None
    ) = None


class Submission(Frozen):
    """A submission that kept every rule; `text` is normalised (NFC, `\\n`)."""

    text: str  # as written; what the files say is added by `reading/assemble.py`
    section_ref: str | None
    stance: Stance | None
    person: people.Person
    files: tuple[files.File, ...]
    draft_id: str | None = None
    submitted_at: AwareDatetime | None = None
    automatic: Automatic | None = None
    notes: tuple[Fault, ...] = ()  # what the sender should know though nothing was refused


def read(data: object) -> SubmissionRequest:
    """Decoded JSON as a request. Raises Faults naming every wrong field."""
    try:
        return SubmissionRequest.model_validate(data)
    except ValidationError as error:
        raise Faults(from_validation(error)) from error


def check(
    request: SubmissionRequest,
    consultation: Consultation,
    extra: Sequence[files.File] = (),
    noted: Sequence[Fault] = (),
) -> Submission:
    """Applies every rule. `extra` are files that came as bytes (form upload), `noted` faults the channel found by itself.

    Raises TooLarge (413) when one part is over its limit, Faults (422) naming every other wrong field.
    """
    faults = list(noted)
    text = _text(request, faults, with_files=bool(request.attachments or extra))
    ref = _clean(request.section_ref)
    notes: list[Fault] = []
    if ref is not None and (reason := texts.reject_reason(ref)):
        faults.append(Fault("section_ref", reason))
    elif ref is not None and ref not in consultation.section_refs():
        reason = "Dự thảo hiện hành không có mục này; ý kiến vẫn được tiếp nhận, mục được giữ như đã ghi."
        notes.append(Fault("section_ref", reason))
    person = people.read(request.respondent or RespondentInput(), consultation, faults, notes)
    found = files.read(request.attachments, extra, faults)
    if faults:
        raise Faults(faults)
    return Submission(
        text=text,
        section_ref=ref,
        stance=request.stance,
        person=person,
        files=found,
        submitted_at=request.submitted_at,
        notes=tuple(notes),
    )


def keep(
    *,
    text: str,
    person: people.Person,
    kept: Sequence[files.File] = (),
    draft_id: str | None = None,
    section_ref: str | None = None,
    stance: Stance | None = None,
    submitted_at: datetime | None = None,
    automatic: Automatic | None = None,
) -> Submission:
    """A submission of a sender whom nobody can ask to mend it (a mail, a chat message): nothing is refused, nothing dropped.

    Characters that no text may hold are shown as U+FFFD; a text too long for one message of the bus is kept as a file for people.
    """
    clean = texts.normalise(texts.readable(text))
    found = [file.model_copy(update={"filename": files.safe_name(file.filename)}) for file in kept]
    if len(clean.encode()) > MAX_TEXT:
        whole = files.File(
            filename="noi-dung.txt", content_type="text/plain", data=clean.encode(), reading=Reading.TOO_LONG
        )
        clean, found = "", [whole, *found]
    return Submission(
        text=clean if clean.strip() else "",
        draft_id=draft_id,
        section_ref=section_ref,
        stance=stance,
        person=person,
        files=tuple(found),
        submitted_at=submitted_at,
        automatic=automatic,
    )


def _text(request: SubmissionRequest, faults: list[Fault], *, with_files: bool) -> str:
    if request.text.strip() and (reason := texts.reject_reason(request.text)):
        faults.append(Fault("text", reason))
        return ""
    text = texts.normalise(request.text)
    if len(text.encode()) > MAX_TEXT:
        raise TooLarge(
            Fault("text", f"Nội dung góp ý dài quá {MAX_TEXT // 1000} kB; xin gửi làm nhiều lần hoặc đính kèm tệp.")
        )
    if not text.strip():
        if request.stance in (None, Stance.NONE) and not with_files:
            reason = "Chưa có nội dung góp ý; xin viết ý kiến, chọn mức độ tán thành, hoặc đính kèm tệp ghi ý kiến."
            faults.append(Fault("text", reason))
        return ""
    return text


def _clean(value: str | None) -> str | None:
    return (value or "").strip() or None
