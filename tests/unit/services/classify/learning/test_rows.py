"""Labelled rows."""

import pytest

from services.classify.learning.features import words
from services.classify.learning.rows import Labelled, digest, masked
from shared.events import PersonalData, Stance
from tests.unit.services.classify.learning.examples import ROWS


def test_no_feature_is_made_of_masked_personal_data() -> None:
    text = "Tôi là Nguyễn Văn Thử, đề nghị làm đường."
    hidden = masked(text, [PersonalData(kind="name", start=7, end=21)])
    assert words(hidden.lower()) == ["tôi", "là", ",", "đề", "nghị", "làm", "đường", "."]
    assert len(hidden) == len(text)


def test_spans_of_a_submission_are_counted_from_where_the_opinion_begins() -> None:
    spans = [PersonalData(kind="phone", start=0, end=4), PersonalData(kind="name", start=12, end=15)]
    assert masked("gọi cho Lan nhé", spans, start=4) == "gọi cho ███ nhé"


@pytest.mark.parametrize("topics", [(), (1, 1), (1, 2, 3), (0, 1), (-1,)])
def test_topics_that_are_no_decision_are_refused(topics: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="topics"):
        Labelled("văn bản", topics)


def test_the_digest_knows_every_part_of_a_row_and_not_their_order() -> None:
    assert digest(ROWS) == digest(ROWS[::-1])
    assert digest(ROWS) != digest(ROWS[1:])
    assert digest([Labelled("a", (1,))]) != digest([Labelled("a", (1,), Stance.AGREE)])
    assert digest([Labelled("a", (1, 2))]) != digest([Labelled("a", (2, 1))])
