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


def test_long_runs_go_with_the_words_that_are_denied_up_to_a_mark() -> None:
    spelt = words("thầy không được nhiệt tình, chưa. hay")
    assert {f for f in features(spelt, 3) if f.startswith("!")} == {"!được", "!nhiệt"}
    assert {f for f in features(words("thay khong duoc nhiet tinh"), 3) if f.startswith("!")} == {"!duoc", "!nhiet"}
    assert not {f for f in features(spelt, 2) if f.startswith("!")}
