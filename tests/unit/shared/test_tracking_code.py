"""The tracking code: deterministic, readable over the phone, finds every slip."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.tracking_code import ALPHABET, LENGTH, display, make, parse

IDS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
CODES = IDS.map(lambda id_: make(b"a test secret", id_))


def test_the_alphabet_has_a_prime_number_of_characters_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 23
    assert not set(ALPHABET) & set("01OILSBUQWGZ5")


@given(IDS)
def test_the_same_submission_has_the_same_code_and_another_secret_another_one(id_: str) -> None:
    assert make(b"one", id_) == make(b"one", id_)
    assert make(b"one", id_) != make(b"two", id_)


@given(CODES)
def test_a_code_is_read_back_however_it_is_typed(code: str) -> None:
    assert len(code) == LENGTH
    assert parse(code) == parse(display(code)) == parse(f"  {display(code).lower().replace('-', ' – ')} ") == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code: str, place: int, letter: str) -> None:
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        with pytest.raises(ValueError, match="chưa đúng"):
            parse(wrong)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_exchange_of_two_different_characters_is_found(code: str, one: int, other: int) -> None:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    if (wrong := "".join(letters)) != code:
        with pytest.raises(ValueError, match="chưa đúng"):
            parse(wrong)


def test_length_and_foreign_characters_are_named() -> None:
    with pytest.raises(ValueError, match="có 15 ký tự, mã vừa nhập có 3"):
        parse("ABC")
    with pytest.raises(ValueError, match="không dùng ký tự: O"):
        parse("O" * 15)


@given(st.text())
def test_any_text_is_a_code_or_a_value_error_with_a_reason(text: str) -> None:
    if len(text) < LENGTH:
        with pytest.raises(ValueError, match=r"^Mã tra cứu"):
            parse(text)
    else:
        with contextlib.suppress(ValueError):
            assert len(parse(text)) == LENGTH


def test_a_code_is_printed_in_three_groups_of_five() -> None:
    assert [len(group) for group in display(make(b"k", "0" * 32)).split("-")] == [5, 5, 5]
