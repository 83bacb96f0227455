"""Features of a text."""

from services.classify.learning.features import features, words


def test_words_and_marks_are_told_apart_and_blanks_are_none() -> None:
    assert words("đề nghị, sửa (ngay)!") == ["đề", "nghị", ",", "sửa", "(", "ngay", ")", "!"]
    assert words("  \n") == []


def test_runs_of_words_up_to_the_order_and_what_the_text_begins_with() -> None:
    assert features(["a", "b", "c"], 1) == {"a", "b", "c"}
    assert features(["a", "b", "c"], 2) == {"a", "b", "c", "^ a", "a b", "b c"}
    assert features(["a", "b", "c"], 3) == {"a", "b", "c", "^ a", "a b", "b c", "^ a b", "a b c"}
    assert features(["a"], 3) == {"a", "^ a"}
    assert features([], 3) == set()
