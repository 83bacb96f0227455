"""Words compared as people quote them."""

from hypothesis import given
from hypothesis import strategies as st

from services.classify.drafts.wording import loose, occurrences, sought

TEXT = st.text(alphabet="aAđĐòaoàuỷủyù \n\t“”\"'-–—.7,%é\u0301", max_size=60)


def test_case_blanks_tone_places_and_quotes_do_not_count() -> None:
    same = ["Hoà  bình – “Ủy ban”", "hòa bình\n- 'uỷ BAN'".replace("'", '"')]
    assert loose(same[0]).plain == loose(same[1]).plain


def test_letters_do_count() -> None:
    assert loose("bỏ").plain != loose("bộ").plain


@given(TEXT)
def test_every_normalised_letter_leads_back_to_where_it_was_written(text: str) -> None:
    found = loose(text)
    assert len(found.offsets) == len(found.plain) + 1
    assert list(found.offsets) == sorted(found.offsets)
    assert loose(found.plain).plain == found.plain
    for at, letter in enumerate(found.plain):
        written = text[found.offsets[at] : max(found.offsets[at + 1], found.offsets[at] + 1)]
        assert (letter == " ") == (not written.strip())


def test_only_whole_words_and_whole_numbers_are_found() -> None:
    assert list(occurrences("an toàn và an ninh", "an", 9)) == [0, 11]
    assert list(occurrences("tăng 7,6% hoặc 6%", "6%", 9)) == [15]
    assert list(occurrences("a a a a", "a", 2)) == [0, 2]


def test_punctuation_around_quoted_words_is_not_looked_for() -> None:
    assert sought(" “Đoàn kết...” ") == loose("đoàn kết").plain
    assert sought("...") == ""
