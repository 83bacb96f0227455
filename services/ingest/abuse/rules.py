"""Which limits hold for which channel. Pure.

Citizens come from networks of their own; partner programs and VNeID come from a few servers, so a network of theirs is given much more;
Zalo sends everything from a few addresses and repeats what is refused, so only its place in the queue is bounded.
"""

import re
from dataclasses import dataclass

from services.ingest.settings import IngestSettings

PERIOD_S = 60
WIDER = 10  # a /24 or /48 may send so many times what one network may
PROVEN = 10  # with a proof of work a network may send so many times its soft limit
QUEUED_PER_PLACE = 8
PATIENCE_S = 5.0
HURRIED_S = 1.0  # of Zalo's two seconds
_POSTS = (
    (re.compile(r"/c/[^/]+/?"), "web"),
    (re.compile(r"/api/v1/consultations/[^/]+/submissions/?"), "api"),
    (re.compile(r"/channels/(?P<name>[a-z]+)(/.*)?"), None),
)
_CITIZENS = frozenset({"web", "api"})
KNOWN = frozenset({"web", "api", "partner", "vneid", "zalo", "letters", "units"})


@dataclass(frozen=True)
class Rule:
    """Of one channel. `near`, `wide`, `whole`: posts per PERIOD_S, None: no such limit. `at_once`: posts worked on at a time.

    `queue`: more that may wait, each `patience_s` seconds; `page`: answers with a page that keeps what was typed and may ask for a proof.
    """

    channel: str
    near: int | None
    wide: int | None
    whole: int | None
    at_once: int
    queue: int
    patience_s: float
    page: bool


def channel_of(path: str) -> str | None:
    """The channel a POST to this path or route template belongs to; None: no posting route. Unknown names share one place."""
    for pattern, channel in _POSTS:
        if found := pattern.fullmatch(path):
            name = channel or found["name"]
            return name if name in KNOWN else "other"
    return None


def rule_of(channel: str, settings: IngestSettings) -> Rule:
    """The channel's limits under these settings."""
    citizens = channel in _CITIZENS
    near = settings.posts_per_minute if citizens else settings.server_posts_per_minute
    zalo = channel == "zalo"
    return Rule(
        channel=channel,
        near=None if zalo else near,
        wide=near * WIDER if citizens else None,
        whole=None if zalo else settings.channel_posts_per_minute,
        at_once=settings.posts_at_once,
        queue=settings.posts_at_once * QUEUED_PER_PLACE,
        patience_s=HURRIED_S if zalo else PATIENCE_S,
        page=channel == "web",
    )
