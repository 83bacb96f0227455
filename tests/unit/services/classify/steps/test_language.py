"""Vietnamese, with and without diacritics, is told from the rest."""

import pytest

from services.classify.steps.language import language
from services.classify.steps.view import view


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đề nghị bổ sung đường giao thông", "vi"),
        ("De nghi tinh bo sung duong giao thong cho ban", "vi"),
        ("toi dong y voi du thao", "vi"),
        ("The draft report should mention public transport and schools", "other"),
        ("Le projet doit être plus précis sur les écoles", "other"),
        ("请修建学校", "other"),
        ("12345", "other"),
    ],
)
def test_the_language_is_told(text: str, expected: str) -> None:
    assert language(view(text), 0, len(text)) == expected
