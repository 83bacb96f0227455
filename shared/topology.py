"""The bus as data: every stream, consumer and bucket. `provision.py` makes it so; services only refer to it."""

from dataclasses import dataclass, replace

from shared import events as ev

MINUTE_S = 60.0


@dataclass(frozen=True)
class Stream:
    """A JetStream stream: file storage, limits retention, `discard: new`, no age limit: a full disk refuses, never drops."""

    name: str
    subjects: tuple[str, ...]
    duplicate_window_s: float = 10 * MINUTE_S
    allow_atomic: bool = False  # group commit (publisher.py)
    allow_schedules: bool = False  # delayed messages (Nats-Schedule)
    work_queue: bool = False  # a message leaves the stream when its one consumer has acked it
    latest_per_subject: bool = False  # a new message takes the place of the former one on its subject


@dataclass(frozen=True)
class Consumer:
    """A durable pull consumer with explicit ack. `batch` messages are handled at once."""

    name: str
    stream: str
    subjects: tuple[str, ...]
    ack_wait_s: float = 30.0
    max_ack_pending: int = 1024
    max_deliver: int = 20  # above settlement's own cap: only a crash reaches it
    batch: int = 64


EVENTS = Stream(
    "EVENTS",
    ("submission.*.v1.>", "opinion.*.v1.>", "report.*.v1.>", "notification.*.v1.>", "aggregate.*.v1.>"),
    allow_atomic=True,
)
DEAD_LETTERS = Stream("DEAD_LETTERS", ("dlq.>",), latest_per_subject=True)  # dlq.<consumer>.<stream>.<seq>
REPLAY = Stream(
    "REPLAY", ("replay.>",), work_queue=True
)  # replay.<consumer>: deliver that event again, to that consumer only
ADVISORIES = Stream("ADVISORIES", ("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",))
SCHEDULE = Stream("SCHEDULE", ("sched.>", "trigger.>"), allow_schedules=True)
# Webhook events of Zalo as they came, encrypted (`spool.key`): kept before the 200, deleted once they stand in a conversation.
ZALO = Stream("ZALO", ("zalo.event.>",), duplicate_window_s=150 * MINUTE_S)  # Zalo repeats for about two hours
# Long work of classify, a page a message: relabelling, reclassifying. A finished message leaves the stream.
WORK = Stream("WORK", ("work.classify.>",), work_queue=True)
STREAMS = (EVENTS, DEAD_LETTERS, REPLAY, ADVISORIES, SCHEDULE, ZALO, WORK)


def _of(*types: type[ev.Event]) -> tuple[str, ...]:
    return tuple(f"{t.TYPE}.>" for t in types)


INGEST_STATUS = Consumer(
    "ingest-status",
    EVENTS.name,
    _of(ev.SubmissionReceived, ev.SubmissionClassified, ev.OpinionAnswered, ev.ReportPublished),
)
CLASSIFY = Consumer("classify", EVENTS.name, _of(ev.SubmissionReceived, ev.SubmissionWithdrawn))
CLASSIFY_REVIEW = Consumer("classify-review", EVENTS.name, _of(ev.OpinionReviewed), batch=16)
CLASSIFY_WORK = Consumer("classify-work", WORK.name, ("work.classify.>",), max_ack_pending=8, batch=1)
REPORT = Consumer("report", EVENTS.name, (), batch=256)  # folds all there is, so its ack floor follows the stream's end
REPORT_TRIGGER = Consumer(
    "report-trigger", SCHEDULE.name, ("trigger.report.>",), ack_wait_s=120.0, max_ack_pending=4, batch=1
)
NOTIFY_RECEIPT = Consumer("notify-receipt", EVENTS.name, _of(ev.SubmissionReceived))
NOTIFY_DIGEST = Consumer(
    "notify-digest", EVENTS.name, _of(ev.ReportPublished), ack_wait_s=120.0, max_ack_pending=8, batch=1
)
ZALO_INBOX = Consumer("zalo-inbox", ZALO.name, ("zalo.event.>",), max_ack_pending=64, batch=1)
ZALO_DUE = Consumer("zalo-due", SCHEDULE.name, ("trigger.zalo.>",), max_ack_pending=64, batch=1)
NOTIFY_ZALO = Consumer("notify-zalo", EVENTS.name, _of(ev.SubmissionReceived))
DEAD_LETTER_MOVER = Consumer("dead-letter-mover", ADVISORIES.name, (), batch=1)
CONSUMERS = (
    *(INGEST_STATUS, CLASSIFY, CLASSIFY_REVIEW, CLASSIFY_WORK, REPORT, REPORT_TRIGGER, NOTIFY_RECEIPT, NOTIFY_DIGEST),
    *(ZALO_INBOX, ZALO_DUE, NOTIFY_ZALO, DEAD_LETTER_MOVER),
)


def replay_of(consumer: Consumer) -> Consumer:
    """The second durable of a consumer: brings it the dead letters that an operator asked to have delivered again."""
    return replace(
        consumer, name=f"{consumer.name}-replay", stream=REPLAY.name, subjects=(f"replay.{consumer.name}",), batch=1
    )


REPLAY_CONSUMERS = tuple(replay_of(c) for c in CONSUMERS if c is not DEAD_LETTER_MOVER)
ALL_CONSUMERS = CONSUMERS + REPLAY_CONSUMERS


@dataclass(frozen=True)
class Bucket:
    """A key-value bucket. `ttl_s`: how long a value lives; `memory`: need not outlive the server."""

    name: str
    history: int = 1
    ttl_s: float | None = None
    memory: bool = False


CONSULTATIONS_BUCKET = "consultations"  # KV: consultation id -> definition as JSON
PARTNERS_BUCKET = "partners"  # KV: partner id -> what it may do, its keys hashed or encrypted
MODELS_BUCKET = "models"  # KV: consultation id -> the learned model that all replicas use now
ACCOUNTS_BUCKET = "accounts"  # KV: account id -> roles, hash of the password; never a person's name
LIMITS_BUCKET = "limits"  # KV: how much of a limit is used, and failed logins; shared by the replicas
LEASES_BUCKET = "leases"  # KV: which replica reads a mailbox or trains a model now
LIMITS = Bucket(LIMITS_BUCKET, ttl_s=26 * 60 * MINUTE_S, memory=True)
LEASES = Bucket(LEASES_BUCKET, ttl_s=60 * MINUTE_S, memory=True)
BUCKETS = (
    Bucket(CONSULTATIONS_BUCKET, history=8),
    Bucket(PARTNERS_BUCKET, history=8),
    Bucket(MODELS_BUCKET, history=8),
    Bucket(ACCOUNTS_BUCKET, history=8),
    LIMITS,
    LEASES,
)
BLOBS_BUCKET = "blobs"  # object store: SHA-256 -> bytes


def trigger_subject(consultation: str, period: str) -> str:
    """Where the scheduled message of a reporting period arrives."""
    return f"trigger.report.{consultation}.{period}"


def schedule_subject(consultation: str, period: str) -> str:
    """Where the delayed message of a reporting period waits; one subject per period, so it can be replaced."""
    return f"sched.report.{consultation}.{period}"


def with_ack_wait(consumer: Consumer, ack_wait_s: float) -> Consumer:
    """The same consumer with another patience (tests shorten it; long work keeps its own longer one)."""
    return replace(consumer, ack_wait_s=max(ack_wait_s, consumer.ack_wait_s if consumer.ack_wait_s > 30.0 else 0.0))
