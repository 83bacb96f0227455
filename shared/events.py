"""The events of the system: past-tense, frozen, versioned facts, the only thing services learn from.

Envelope: CloudEvents 1.0 in NATS binary mode (attributes in `ce-*` headers, `data` is the body; see `envelope.py`).
An optional field may be added freely; anything else is a new version of the type. All types stand in this one file: together they are
the contract between the services.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

ConsultationId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
TopicCode = Annotated[int, Field(ge=0, le=99)]  # 0: outside the topic groups


class Frozen(BaseModel):
    """Base of all contract models: immutable; readers ignore fields that a newer writer added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Stance(StrEnum):
    """What an opinion does with the draft (contracts.md)."""

    AGREE = "agree"
    PARTLY_AGREE = "partly_agree"
    DISAGREE = "disagree"
    AMEND = "amend"
    SUPPLEMENT = "supplement"
    DELETE = "delete"
    QUESTION = "question"
    NONE = "none"


class WindowMark(StrEnum):
    """Where a submission falls against the consultation's window; late and early ones are kept and marked."""

    INSIDE = "inside"
    BEFORE = "before"
    AFTER = "after"


class Automatic(StrEnum):
    """Mail that no person wrote for us."""

    AUTO_REPLY = "auto_reply"  # out of office, read receipts (RFC 3834, RFC 8098)
    BOUNCE = "bounce"  # delivery reports (RFC 3464)
    LOOP = "loop"  # our own mail come back


class Outcome(StrEnum):
    """What became of a submission; exactly one each, so that the reconciliation line balances."""

    COUNTED = "counted"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    REFERRED = "referred"


class Event(Frozen):
    """Base of all events. `event_id` is deterministic: it is the CloudEvents id and the `Nats-Msg-Id`."""

    TYPE: ClassVar[str]
    consultation: ConsultationId

    @property
    def event_id(self) -> str:
        """The same fact has the same id, however often it is published."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """The NATS subject: the type and the consultation, so that one consultation can be filtered and counted."""
        return f"{self.TYPE}.{self.consultation}"


class Reading(StrEnum):
    """What came of reading a file as text. Whatever it is, the file itself is kept."""

    TEXT = "text"  # its text is part of the submission's text
    NO_TEXT = "no_text"  # read, and there is nothing in it
    TRANSCRIBE = "transcribe"  # an image or a scan: people (or a later step) write down what it says
    ENCRYPTED = "encrypted"
    MALFORMED = "malformed"
    BOMB = "bomb"  # unpacks to more than any letter can hold
    TIMEOUT = "timeout"
    TOO_LONG = "too_long"  # more text than one submission can carry
    UNSUPPORTED = "unsupported"  # sound, video, programs


class Attachment(Frozen):
    """A file that came with a submission; its name is part of the sealed identity, for names name people."""

    sha256: Sha256
    content_type: str = Field(max_length=127)
    size: int = Field(ge=0, description="bytes, as received")
    role: Literal["file", "original"] = Field("file", description="original: the whole message as it came")
    sealed: bool = Field(False, description="the stored bytes are a libsodium sealed box, for they name the sender")
    reading: Reading | None = Field(None, description="None: nobody has tried (an event of an older version)")
    span: tuple[int, int] | None = Field(
        None, description="where its text stands in the submission's text, code points"
    )


class Respondent(Frozen):
    """What the events know of who wrote: nothing that identifies, only what reports count by."""

    sealed_identity: str | None = Field(None, description="base64 libsodium sealed box; only notify can open it")
    person_hash: str | None = Field(None, description="keyed hash for 'the same person?'; None: anonymous")
    has_email: bool = Field(False, description="a receipt by mail is wanted")
    has_zalo: bool = Field(False, description="a receipt as a Zalo message is wanted")
    group: str | None = Field(None, description="declared respondent group, code of the consultation")
    unit: str | None = Field(None, description="organisation unit id of the consultation")
    locality: str | None = Field(None, description="locality code of the consultation")


class SubmissionReceived(Event):
    """One act of one respondent through one channel has been accepted. Published before any receipt is given."""

    TYPE: ClassVar[str] = "submission.received.v1"
    submission_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    channel: str
    received_at: AwareDatetime
    submitted_at: AwareDatetime | None = Field(None, description="as declared by the sender")
    window: WindowMark = WindowMark.INSIDE
    channel_verified: bool = Field(
        False, description="an operator or a verified partner named the channel and the time"
    )
    text: str
    text_sha256: Sha256
    draft_id: str | None = Field(None, description="the draft document it speaks of as a whole")
    section_ref: str | None = None
    stance: Stance | None = Field(None, description="as declared by the respondent; never overridden")
    automatic: Automatic | None = Field(
        None, description="a machine wrote it: kept and counted, no opinion, never answered"
    )
    respondent: Respondent = Respondent()
    attachments: tuple[Attachment, ...] = ()

    @property
    def event_id(self) -> str:
        return f"submission.received:{self.submission_id}"


class Cite(Frozen):
    """A place the opinion names: cited unit -> value as written, and the span of the citation in the text.

    `units["section"]` is the draft's section that the place lies in; None: it could not be found in the draft, the words stay.
    """

    units: dict[str, str | None]
    start: int
    end: int


class DraftPlace(Frozen):
    """Where words stand in a published draft text: code points of the file as it was published."""

    draft_id: str
    version: int = Field(ge=1)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    section: str | None = None
    match: Literal["exact", "normalised"] = Field("exact", description="normalised: but for case, spaces, marks")


class Edit(Frozen):
    """A wording change the opinion asks for, verbatim: `old`, `new`, `place` are exact pieces of the submission's text."""

    op: Literal["replace", "insert", "delete"]
    old: str | None = None
    new: str | None = None
    place: str | None = None
    start: int
    end: int
    old_at: int | None = Field(None, description="where `old` begins in the submission's text")
    new_at: int | None = Field(None, description="where `new` begins in the submission's text")
    located: DraftPlace | None = Field(
        None, description="where the wording to change (or the words an insertion stands beside) is; None: not found"
    )


class PersonalData(Frozen):
    """A span of personal data inside the submission's text, masked in every output."""

    kind: str
    start: int
    end: int


class SetAside(Frozen):
    """A part of the text that is no opinion. Opinions and these parts cover every character but white space."""

    kind: Literal["salutation", "closing", "signature", "heading", "quote", "pointer", "courtesy"]
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class ReviewReason(StrEnum):
    """Why people have to look at an opinion before it is taken for granted."""

    LOW_CONFIDENCE = "low_confidence"  # the classifier cannot tell
    OUTSIDE = "outside"  # outside every topic group, as far as it can tell
    CONFLICT = "conflict"  # its evidence, or two readers, disagree
    LANGUAGE = "language"  # not in Vietnamese
    SAMPLE = "sample"  # drawn for measuring quality: two people read it, neither sees the other or the machine


class Term(Frozen):
    """A word or phrase that spoke for a topic group, and how strongly."""

    term: str
    topic: TopicCode
    weight: float


class Evidence(Frozen):
    """Why an opinion stands where it stands: enough to show a reader, small enough to keep for each."""

    by: Literal["words", "learned", "correction"] = Field(
        "words", description="the consultation's own words; a model learned from people's corrections; a person"
    )
    hints: tuple[str, ...] = ()  # of the definition, as they are written there
    sections: tuple[str, ...] = ()  # cited ones that are tied to a group
    terms: tuple[Term, ...] = ()  # the strongest, at most eight
    review_id: str | None = Field(None, description="the person's decision that it follows; maybe on a twin of it")


class Opinion(Frozen):
    """One opinion: an exact span of the submission's text (code-point offsets) and what was read from it."""

    opinion_id: str
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    topics: tuple[TopicCode, ...] = Field(min_length=1, max_length=2)
    confidence: float = Field(ge=0, le=1)
    stance: Stance
    cites: tuple[Cite, ...] = ()
    edits: tuple[Edit, ...] = ()
    language: str = "vi"
    pii: tuple[PersonalData, ...] = ()
    petition_suspected: bool = False
    general: bool = Field(
        False, description="a general remark (góp ý chung): on the draft as a whole, nothing definite"
    )
    text_key: str | None = Field(None, description="the same for the same folded words, whoever wrote them")
    same_as: str | None = Field(
        None, description="the first opinion that says (nearly) the same; None: it is the first"
    )
    similarity: float | None = Field(None, ge=0, le=1, description="to that one")
    review: tuple[ReviewReason, ...] = Field((), description="empty: accepted")
    evidence: Evidence | None = None


class SubmissionClassified(Event):
    """What classify made of a submission. Carries what reports count by, so that nobody needs to ask ingest."""

    TYPE: ClassVar[str] = "submission.classified.v1"
    submission_id: str
    revision: int = Field(1, ge=1, description="grows when a submission is classified anew")
    outcome: Outcome
    duplicate_of: str | None = None
    duplicate_key: str | None = Field(None, description="keyed hash of person and folded text; None: anonymous")
    reason: str | None = Field(None, description="why unreadable or referred; a code, never the citizen's words")
    classifier: str = Field(description="name and version of what decided")
    channel: str
    received_at: AwareDatetime
    window: WindowMark
    group: str | None = None
    unit: str | None = None
    locality: str | None = None
    draft_id: str | None = None
    section_ref: str | None = Field(None, description="as declared, for a bare stance")
    stance: Stance | None = Field(None, description="given by button without a text: counted, holds no opinion")
    opinions: tuple[Opinion, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    campaign: str | None = Field(
        None, description="the first submission of a form letter that this one repeats; its own words are own opinions"
    )
    unread_files: tuple[Reading, ...] = Field(
        (), description="why files that came with it are not in its text, one entry a file: people have to look at them"
    )

    @property
    def event_id(self) -> str:
        return f"submission.classified:{self.submission_id}:{self.revision}"


class MachineReading(Frozen):
    """What the classifier had said of an opinion when a person looked at it: what its accuracy is measured by."""

    topics: tuple[TopicCode, ...]
    stance: Stance
    confidence: float = Field(ge=0, le=1)
    classifier: str


class OpinionReviewed(Event):
    """A person confirmed or corrected one opinion. A later review of the same reader takes the place of the former."""

    TYPE: ClassVar[str] = "opinion.reviewed.v1"
    review_id: str
    submission_id: str
    opinion_id: str
    reviewer: str = Field(description="account id, not a name")
    reviewed_at: AwareDatetime
    topics: tuple[TopicCode, ...]
    stance: Stance
    confirmed: bool
    kind: Literal["queue", "sample", "settle"] = Field(
        "queue", description="sample: read blind by two people; settle: a third decides where two differed"
    )
    revision: int = Field(1, ge=1, description="of the classification that was looked at")
    start: int | None = Field(None, ge=0, description="corrected span in the submission's text; None: as it was")
    end: int | None = Field(None, ge=0)
    machine: MachineReading | None = None

    @property
    def event_id(self) -> str:
        return f"opinion.reviewed:{self.review_id}"


class OpinionAnswered(Event):
    """The committee accepted an opinion or explained why not (tiếp thu, giải trình)."""

    TYPE: ClassVar[str] = "opinion.answered.v1"
    answer_id: str
    submission_id: str
    opinion_id: str
    decision: Literal["accept", "partly_accept", "explain_response", "retain_draft_text"]
    text: str
    answered_at: AwareDatetime

    @property
    def event_id(self) -> str:
        return f"opinion.answered:{self.answer_id}"


class Reconciliation(Frozen):
    """received = counted + duplicate + pending + unreadable + referred, in submissions (lượt góp ý)."""

    received: int = 0
    counted: int = 0
    duplicate: int = 0
    pending: int = 0
    unreadable: int = 0
    referred: int = 0

    @property
    def balanced(self) -> bool:
        return self.received == self.counted + self.duplicate + self.pending + self.unreadable + self.referred

    def line(self) -> str:
        """The line of contracts.md."""
        return (
            f"received={self.received} counted={self.counted} duplicate={self.duplicate} "
            f"pending={self.pending} unreadable={self.unreadable} referred={self.referred}"
        )


class ReportFile(Frozen):
    """One file of a published report; the bytes are in the object store under the SHA-256."""

    name: str
    media_type: str
    sha256: Sha256
    size: int = Field(ge=0)


class Count(Frozen):
    """A labelled number of a report, for the digest: opinions in the period and cumulative."""

    key: str
    label: str
    period: int
    cumulative: int


class ReportPublished(Event):
    """A report is out. Everything notify needs for the digest travels here; figures are counts, no prose."""

    TYPE: ClassVar[str] = "report.published.v1"
    report_id: str
    kind: Literal["weekly", "final", "adhoc"]
    period: int | None = Field(None, description="number of the reporting period; None for an ad hoc report")
    period_start: AwareDatetime
    as_of: AwareDatetime
    cutoff_seq: int = Field(ge=0, description="events with a smaller stream sequence are in the figures")
    reconciliation: Reconciliation
    submissions_in_period: int = 0
    opinions_in_period: int = 0
    opinions_cumulative: int = 0
    topics: tuple[Count, ...] = ()
    stances: tuple[Count, ...] = ()
    files: tuple[ReportFile, ...] = ()

    @property
    def event_id(self) -> str:
        return f"report.published:{self.report_id}"


class NotificationDelivered(Event):
    """A message reached the mail server of its recipient."""

    TYPE: ClassVar[str] = "notification.delivered.v1"
    notification_id: str
    kind: Literal["receipt", "digest"]
    recipient: str = Field(description="committee recipient id, or the submission id; never an address")
    delivered_at: AwareDatetime
    attempts: int = 1

    @property
    def event_id(self) -> str:
        return f"notification.delivered:{self.notification_id}"


class NotificationFailed(Event):
    """A message was refused for good; it stands among the dead letters too, where it can be replayed."""

    TYPE: ClassVar[str] = "notification.failed.v1"
    notification_id: str
    kind: Literal["receipt", "digest"]
    recipient: str
    failed_at: AwareDatetime
    reason: str
    attempts: int

    @property
    def event_id(self) -> str:
        return f"notification.failed:{self.notification_id}:{self.attempts}"


class SubmissionWithdrawn(Event):
    """A respondent took a submission back; the tombstone keeps the counts true."""

    TYPE: ClassVar[str] = "submission.withdrawn.v1"
    submission_id: str
    withdrawn_at: AwareDatetime
    legal_basis: str

    @property
    def event_id(self) -> str:
        return f"submission.withdrawn:{self.submission_id}"


class AggregateCount(Frozen):
    """How many submissions another body counted for one draft (or section of it) and one stance."""

    draft_id: str | None = None
    section_ref: str | None = None
    stance: Stance | None = Field(None, description="None: no stance was chosen; no act stands in two rows")
    submissions: int = Field(ge=0)
    with_text: int | None = Field(None, ge=0, description="how many of them hold a text; None: not told")


class AggregateReceived(Event):
    """Counts that another body made itself (VNeID): shown beside our own figures, never added to them.

    A later revision of the same batch takes the place of the former one.
    """

    TYPE: ClassVar[str] = "aggregate.received.v1"
    issuer: str = Field(max_length=64, description="who counted: id in the channel's settings")
    batch_id: str = Field(max_length=128)
    revision: int = Field(1, ge=1)
    channel: str
    counted_by: str = Field(description="the body's name, as reports print it")
    period_start: AwareDatetime
    period_end: AwareDatetime
    received_at: AwareDatetime
    counts: tuple[AggregateCount, ...] = Field(min_length=1, max_length=5000)
    evidence_sha256: Sha256 = Field(description="the signed message as it came, in the object store")

    @property
    def event_id(self) -> str:
        return f"aggregate.received:{self.consultation}:{self.issuer}:{self.batch_id}:{self.revision}"


EVENT_TYPES: dict[str, type[Event]] = {
    model.TYPE: model
    for model in (
        SubmissionReceived,
        SubmissionClassified,
        OpinionReviewed,
        OpinionAnswered,
        ReportPublished,
        NotificationDelivered,
        NotificationFailed,
        SubmissionWithdrawn,
        AggregateReceived,
    )
}
