"""A consultation (đợt lấy ý kiến) as its office defines it in YAML; `consultation_yaml.py` reads it with line numbers.

Cross-references (a topic group's sections, a unit's parent) are checked here, so no service meets a broken definition.
"""

from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, field_validator, model_validator

from shared.events import ConsultationId, WindowMark

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=64)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Strict(BaseModel):
    """Frozen, and an unknown field is an error: a misspelt setting must not be silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Issuer(Strict):
    """Who issues the reports, as the official heading block names it (formats.md §1)."""

    style: Literal["party", "state"] = "party"
    parent: Text
    name: Text
    report_symbol: Text  # what follows the clerk's number: BC/BTGDVTU
    place: Text
    authority: str | None = None  # "T/M BAN THƯỜNG VỤ"; None for an advisory body, which signs by its head
    post: Text  # "TRƯỞNG BAN"; never a person's name
    addressees: tuple[Text, ...] = Field(min_length=1)  # Kính gửi
    distribution_list: tuple[Text, ...] = Field(min_length=1)  # Nơi nhận


class Window(Strict):
    """[opens, closes): a submission outside it is kept and marked."""

    opens: AwareDatetime
    closes: AwareDatetime

    @model_validator(mode="after")
    def _ordered(self) -> "Window":
        if self.closes <= self.opens:
            raise ValueError("closes must be later than opens")
        return self

    def mark(self, at: datetime) -> WindowMark:
        """Where an instant falls."""
        if at < self.opens:
            return WindowMark.BEFORE
        return WindowMark.INSIDE if at < self.closes else WindowMark.AFTER


class Section(Strict):
    """A heading of a draft: `ref` is how people cite it (I, II.1), `page` where it starts in this version."""

    ref: Annotated[str, Field(pattern=r"^[0-9A-Za-zĐđ]+(\.[0-9A-Za-zĐđ]+)*$", max_length=32)]
    title: Text
    page: int = Field(ge=1)
    label: str | None = Field(
        None, max_length=60, description="how it is shown, where people do not say the ref: Phần thứ nhất"
    )

    @property
    def shown(self) -> str:
        """What people see in front of the title."""
        return self.label or self.ref


class DraftVersion(Strict):
    """One published state of a draft; `text` is a file beside the YAML (see `draft_text.py` for its page marks)."""

    version: int = Field(ge=1)
    published_on: date
    text: str = Field(pattern=r"^[A-Za-z0-9._/-]+\.txt$")
    sha256: str | None = Field(
        None, description="set when the definition is published: where the text is in the object store"
    )
    sections: tuple[Section, ...] = Field(min_length=1)


class DraftDocument(Strict):
    """A draft document (dự thảo văn kiện) and its versions, oldest first."""

    id: Code
    title: Text
    versions: tuple[DraftVersion, ...] = Field(min_length=1)

    @property
    def current(self) -> DraftVersion:
        """The newest version."""
        return max(self.versions, key=lambda v: v.version)


class TopicGroup(Strict):
    """A topic group (nhóm vấn đề). Title, description, hints and sections are all the day-0 classifier knows."""

    code: int = Field(ge=1, le=99)
    title: Text
    description: Text
    hints: tuple[Text, ...] = ()
    sections: tuple[str, ...] = Field((), description="section refs; `draft-id:ref` when there are several drafts")


class Channel(Strict):
    """An intake channel (kênh tiếp nhận) with its counting policy (consultations.md: policy differs, never double counted)."""

    id: Code
    name: Text
    enabled: bool = True
    self_service: bool = Field(
        True, description="anybody may send; False: only an operator or a verified partner names it"
    )
    included: bool = Field(True, description="False: another body counts it; kept and listed, not added to the totals")
    counted_by: str | None = None
    evidence_type: Literal["written", "spoken"] = "written"
    address: str | None = Field(None, description="mailbox, URL or postal address to publish")


class Unit(Strict):
    """A node of the organisation tree; changed units keep their history by `predecessor`."""

    id: Code
    name: Text
    kind: Text
    parent: Code | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    predecessor: Code | None = None


class Named(Strict):
    """A code and what it is called."""

    code: Code
    name: Text


class Recipient(Strict):
    """Who gets the digest: a post, never a person's name."""

    id: Code
    post: Text
    email: EmailStr


class ReportCalendar(Strict):
    """Data are frozen at `cut_off` on `weekday`; the report is out before `due` the same day."""

    weekday: Weekday = "wednesday"
    cut_off: time = time(14, 0)
    due: time = time(16, 0)
    zone: str = "Asia/Ho_Chi_Minh"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{zone!r} is not a known time zone") from error
        return zone

    @model_validator(mode="after")
    def _cut_off_first(self) -> "ReportCalendar":
        if self.cut_off >= self.due:
            raise ValueError("cut_off must be earlier than due")
        return self


class ReviewPolicy(Strict):
    """What people look at: opinions read with less confidence than `accept_from`, and a random sample of the others."""

    accept_from: float = Field(0.5, ge=0, le=1)
    sample_rate: float = Field(0.02, ge=0, le=1, description="share of opinions that two people read blind")


class Consultation(Strict):
    """One consultation, whole and consistent."""

    id: ConsultationId
    title: Text
    short_title: Text
    introduction: Text
    issuer: Issuer
    window: Window
    support_phone: Text
    drafts: tuple[DraftDocument, ...] = Field(min_length=1)
    guide: tuple[Text, ...] = ()  # suggested questions beside the form
    topic_groups: tuple[TopicGroup, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    respondent_groups: tuple[Named, ...] = ()
    localities: tuple[Named, ...] = ()
    units: tuple[Unit, ...] = ()
    recipients: tuple[Recipient, ...] = Field(min_length=1)  # the committee
    report: ReportCalendar = ReportCalendar()
    review: ReviewPolicy = ReviewPolicy()

    @model_validator(mode="after")
    def _consistent(self) -> "Consultation":
        _unique("topic_groups", [str(t.code) for t in self.topic_groups])
        for field in ("drafts", "channels", "units", "recipients"):
            _unique(field, [item.id for item in getattr(self, field)])
        for field in ("respondent_groups", "localities"):
            _unique(field, [item.code for item in getattr(self, field)])
        units = {unit.id for unit in self.units}
        for unit in self.units:
            for field in ("parent", "predecessor"):
                other = getattr(unit, field)
                if other is not None and other not in units:
                    raise ValueError(f"units: {unit.id}: {field} {other!r} is not a unit")
        known = self.section_refs()
        for topic in self.topic_groups:
            for ref in topic.sections:
                if ref not in known:
                    raise ValueError(f"topic_groups: {topic.code}: section {ref!r} is in no draft")
        return self

    def section_refs(self) -> dict[str, Section]:
        """Every way a section may be named: `draft:ref` always, bare `ref` where only one draft has it (current versions)."""
        found: dict[str, list[Section]] = {}
        named: dict[str, Section] = {}
        for draft in self.drafts:
            for section in draft.current.sections:
                found.setdefault(section.ref, []).append(section)
                named[f"{draft.id}:{section.ref}"] = section
        return named | {ref: sections[0] for ref, sections in found.items() if len(sections) == 1}

    def channel(self, channel_id: str) -> Channel | None:
        """The channel of that id, or None."""
        return next((c for c in self.channels if c.id == channel_id), None)


def _unique(field: str, ids: list[str]) -> None:
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise ValueError(f"{field}: used twice: {', '.join(twice)}")
