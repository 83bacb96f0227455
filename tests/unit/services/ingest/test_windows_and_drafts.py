"""What the pages are told: the window in words, the order of the list, the draft with its anchors."""

from datetime import UTC, datetime, timedelta

from services.ingest.draft_view import view
from services.ingest.operator_token import matches
from services.ingest.windows import open_first, period, state
from shared.consultation_yaml import load
from shared.draft_text import parse
from tests.support.ingest_app import CONSULTATION, ROOT

DEFINITION = load(ROOT / "consultations" / f"{CONSULTATION}.yaml")


def test_a_window_between_midnights_is_told_in_whole_days() -> None:
    assert period(DEFINITION.window) == "từ ngày 11/06/2025 đến hết ngày 20/06/2025"


def test_other_bounds_are_told_with_their_hour() -> None:
    window = DEFINITION.window.model_copy(update={"closes": DEFINITION.window.closes - timedelta(hours=7)})
    assert period(window) == "từ ngày 11/06/2025 đến 17:00 ngày 20/06/2025"


def test_open_consultations_come_first_and_past_ones_last() -> None:
    now = datetime(2025, 6, 15, tzinfo=UTC)

    def moved(id_: str, days: int) -> object:
        shift = timedelta(days=days)
        window = DEFINITION.window.model_copy(
            update={"opens": DEFINITION.window.opens + shift, "closes": DEFINITION.window.closes + shift}
        )
        return DEFINITION.model_copy(update={"id": id_, "window": window})

    listed = [moved("old", -90), moved("past", -30), moved("open-long", 2), moved("soon", 10), moved("open", 0)]
    found = open_first(listed, now)  # type: ignore[arg-type]
    assert [one.id for one in found] == ["open", "open-long", "soon", "past", "old"]
    assert [state(one, now) for one in found] == ["open", "open", "upcoming", "closed", "closed"]


def test_every_section_of_the_shipped_drafts_is_found_at_its_own_heading() -> None:
    for path in (ROOT / "consultations").glob("*.yaml"):
        for draft in load(path).drafts:
            text = parse((path.parent / draft.current.text).read_text())
            found = view(draft, text)
            anchors = [line.anchor for page in found.pages for line in page.lines if line.anchor]
            assert len(anchors) == len(set(anchors))
            missing = [place.ref for place in found.places if place.anchor not in anchors]
            assert missing == [], f"{path.name}: {draft.id}"


def test_only_the_right_bearer_token_matches() -> None:
    sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # of "test"
    assert matches("Bearer test", sha256)
    assert matches("bearer test ", sha256)
    assert not matches("test", sha256)
    assert not matches("Basic test", sha256)
    assert not matches("Bearer Test", sha256)
