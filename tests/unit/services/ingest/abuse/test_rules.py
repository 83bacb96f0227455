"""Which limits hold for which channel."""

from pathlib import Path

import pytest

from services.ingest.abuse.rules import channel_of, rule_of
from services.ingest.settings import IngestSettings

SETTINGS = IngestSettings(data=Path(), posts_per_minute=60, server_posts_per_minute=6_000)


@pytest.mark.parametrize(
    ("path", "channel"),
    [
        ("/c/dien-bien-2025", "web"),
        ("/c/dien-bien-2025/", "web"),
        ("/c/{consultation_id}", "web"),
        ("/api/v1/consultations/dien-bien-2025/submissions", "api"),
        ("/channels/zalo/webhook", "zalo"),
        ("/channels/vneid", "vneid"),
        ("/channels/partner/app-thu", "partner"),
        ("/channels/letters", "letters"),
        ("/channels/made-up-1", None),
        ("/channels/madeup/x", "other"),
        ("/tra-cuu", None),
        ("/c/x/giay-tiep-nhan/y", None),
    ],
)
def test_the_channel_of_a_path(path: str, channel: str | None) -> None:
    assert channel_of(path) == channel


def test_zalo_is_bounded_by_its_own_place_only_and_never_made_to_wait_long() -> None:
    rule = rule_of("zalo", SETTINGS)
    assert (rule.near, rule.wide, rule.whole) == (None, None, None)
    assert rule.at_once > 0
    assert rule.patience_s < 2


def test_citizens_share_a_wider_limit_and_servers_are_given_more() -> None:
    assert [(rule_of(c, SETTINGS).near, rule_of(c, SETTINGS).wide) for c in ("web", "api", "vneid", "partner")] == [
        (60, 600),
        (60, 600),
        (6_000, None),
        (6_000, None),
    ]
    assert [c for c in ("web", "api", "vneid", "partner", "zalo", "other") if rule_of(c, SETTINGS).page] == ["web"]
