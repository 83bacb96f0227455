"""A small run of `tests/bench/near_duplicates.py`: what the thresholds were measured for must not get lost."""

from tests.bench.letters import Variant, letters
from tests.bench.near_duplicates import quality

FOUND = quality(list(letters(6_000, seed=7)))


def test_links_stay_within_their_family() -> None:
    assert FOUND.precision >= 0.99


def test_letters_with_a_seventh_of_their_words_edited_are_found() -> None:
    assert FOUND.recall(Variant.EDITS_15) >= 0.95
    assert FOUND.recall(Variant.EDITS_5) >= 0.99


def test_another_way_of_writing_is_always_found() -> None:
    for variant in (
        Variant.COPY,
        Variant.CASE,
        Variant.BARE,
        Variant.TONES,
        Variant.MARKS,
        Variant.GREETING,
        Variant.ORDER,
    ):
        assert FOUND.recall(variant) >= 0.995, variant
    assert FOUND.recall(Variant.OWN) >= 0.93


def test_the_letters_are_the_same_on_every_run() -> None:
    assert list(letters(300)) == list(letters(300))
    assert list(letters(300)) != list(letters(300, seed=1))
