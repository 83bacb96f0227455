"""Text at the boundary: normalising, folding, refusing what is no text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import fold, normalise, reject_reason
from tests.support.growth import LINEAR, growth

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ĐẠỘ.,;\n"
)


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once.lstrip("\ufeff")) == once.lstrip("\ufeff")
    assert "\r" not in once


def test_every_line_end_becomes_a_newline() -> None:
    assert normalise("\ufeffa\r\nb\rc\u2028d") == "a\nb\nc\nd"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_decomposed_and_composed_vietnamese_fold_to_the_same_plain_ascii(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text) == fold(text.upper())
    assert fold(text).isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa bình", "hoà bình"),
        ("Ủy ban", "Uỷ ban"),
        ("ĐIỆN BIÊN", "dien bien"),
        ("đường, sá!", "duong sa"),
        ("a\n\tb", "a  b"),
        ("thuý", "thúy"),
    ],
)
def test_spellings_of_the_same_words_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_vowel_marks_of_tai_viet_are_letters_and_stay() -> None:
    assert fold("ꪼꪕ ꪒꪾ") == "ꪼꪕ ꪒꪾ"


@given(VIETNAMESE.filter(lambda t: any(c.isalpha() for c in t)))
def test_vietnamese_text_is_never_refused(text: str) -> None:
    assert reject_reason(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "để trống"),
        (" \n\t\u00a0", "để trống"),
        ("\u200b\u200b", "không đọc được|để trống"),
        ("tốt\x00", "NUL"),
        ("tốt \ud83d", "không hoàn chỉnh"),
        ("PK\x03\x04", "điều khiển"),
        ("\ufffd\ufffd\ufffda", "nhị phân"),
        (bytes(range(128, 256)).decode("latin-1")[:32], "nhị phân"),
    ],
)
def test_what_is_no_text_is_refused_with_a_vietnamese_reason(text: str, words: str) -> None:
    reason = reject_reason(text)
    assert reason is not None
    assert any(word in reason for word in words.split("|"))


@pytest.mark.parametrize(
    "text", ["Ok", "👍", "Dạ, em đồng ý ạ.\r\n\tHết", "ꪼꪕ", "một chữ hỏng \ufffd trong câu dài thì vẫn đọc được"]
)
def test_short_or_slightly_damaged_text_is_kept(text: str) -> None:
    assert reject_reason(text) is None


@given(st.text(min_size=1, max_size=50))
def test_whatever_is_not_refused_can_be_stored_as_utf8(text: str) -> None:
    if reject_reason(text) is None:
        normalise(text).encode()


def test_a_long_run_of_combining_marks_costs_no_quadratic_time_and_folds_away() -> None:
    def marked(count: int) -> str:
        return "a" + "\u0323\u0302" * count

    def read(text: str) -> None:
        assert fold(normalise(text)) == "a"

    assert growth(read, marked, 10_000, 200_000) <= LINEAR  # half a minute for plain NFC
    kept = normalise(marked(200_000))
    assert normalise(kept) == kept
    assert normalise("tiê\u0301ng Vie\u0323\u0302t") == "tiếng Việt"


@given(
    st.text(
        alphabet=st.one_of(
            st.characters(exclude_categories=["Cs"]), st.sampled_from(" \u0301\u0323\u00a8\u00a0\u0085\u200dđĐẤ.")
        ),
        max_size=60,
    )
)
def test_folding_word_by_word_is_folding_all_at_once(text: str) -> None:
    padded = text + " x" * 1500  # beyond the length up to which texts are folded word by word
    assert fold(padded) == " ".join((fold(text) + " x" * 1500).split())
