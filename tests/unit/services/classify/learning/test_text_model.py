"""The text model alone."""

import pytest

from services.classify.learning.measure import f1
from services.classify.learning.scorer import Scorer
from services.classify.learning.text_model import TextModel, fit_text
from services.classify.steps.view import without_diacritics

TEXTS = (
    "thầy dạy rất hay",
    "giảng bài dễ hiểu",
    "thầy giảng hay",
    "phòng học quá nóng",
    "máy chiếu hỏng",
    "phòng thiếu quạt",
)
LABELS = (0, 0, 0, 2, 2, 2)


def test_it_names_the_label_of_texts_like_those_it_learned_from() -> None:
    model = fit_text(TEXTS, LABELS)
    good, bad = "thầy giảng bài rất hay", "máy chiếu của phòng quá cũ"
    asked = [good, bad, without_diacritics(bad), good]
    assert model.labels_of(asked) == [0, 2, 2, 0]
    assert [label for text in asked for label in model.labels_of([text])] == [0, 2, 2, 0]


def test_of_labels_as_likely_the_first_is_named_and_no_text_has_none() -> None:
    model = TextModel((1, 3), (0.5, 0.5), 2, Scorer(2, {"a": (1, 1, 1), "b": (0, 1, 1)}))
    assert model.labels_of(["a", "b", "", "never seen"]) == [1, 3, 1, 1]
    assert model.labels_of([]) == []


def test_labels_must_fit_the_texts() -> None:
    with pytest.raises(ValueError, match="6 texts with 5 labels"):
        fit_text(TEXTS, LABELS[:5])
    with pytest.raises(ValueError, match="1 kinds"):
        fit_text(TEXTS, [1] * 6)


def test_f1_is_the_one_of_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    expected, answered = [0, 0, 1, 2, 2, 2, 3], [0, 1, 1, 2, 2, 0, 4]
    found = f1(expected, answered)
    assert found.weighted == pytest.approx(sklearn.f1_score(expected, answered, average="weighted", zero_division=0))
    assert found.macro == pytest.approx(sklearn.f1_score(expected, answered, average="macro", zero_division=0))
