"""The shipped consultations are what the domain notes and contracts.md say."""

from pathlib import Path

import pytest

from shared import consultation_yaml, draft_text

FOLDER = Path(__file__).parents[2] / "consultations"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_shipped_definition_is_accepted_and_named_like_its_file(path: Path) -> None:
    assert consultation_yaml.load(path).id == path.stem


def test_the_three_real_consultations_are_there_with_their_topic_codes() -> None:
    topics = {c.id: [t.code for t in c.topic_groups] for c in consultation_yaml.load_all(FOLDER)}
    assert topics["dien-bien-2025"] == topics["lai-chau-2025"] == [1, 2, 3, 4, 5, 6, 7]
    assert topics["bac-kan-2025"] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_addresses_are_invented_and_every_page_of_a_draft_has_lines(path: Path) -> None:
    consultation = consultation_yaml.load(path)
    assert all(
        r.email.rsplit(".", 1)[-1] in {"vn", "test", "example", "com", "invalid"} for r in consultation.recipients
    )
    for draft in consultation.drafts:
        for version in draft.versions:
            text = draft_text.parse(consultation_yaml.draft_path(path, version).read_text("utf-8"))
            assert all(page.lines for page in text.pages)


def test_the_draft_of_dien_bien_has_at_least_ten_pages() -> None:
    path = FOLDER / "dien-bien-2025.yaml"
    version = consultation_yaml.load(path).drafts[0].current
    assert len(draft_text.parse(consultation_yaml.draft_path(path, version).read_text("utf-8")).pages) >= 10
