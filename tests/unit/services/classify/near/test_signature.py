"""Band keys are the same on every machine, and found again by texts that share most words."""

import subprocess
import sys
import tracemalloc

from services.classify.near.signature import BANDS, SHORT, bands
from shared.text import fold
from tests.unit.services.classify.near.samples import LETTER, OTHER


def test_the_keys_do_not_depend_on_the_process() -> None:
    code = f"from services.classify.near.signature import bands; print(bands('c', {fold(LETTER)!r}.split()))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {f"{bands('c', fold(LETTER).split())}\n"}


def test_order_and_repetition_do_not_matter_and_the_consultation_does() -> None:
    words = fold(LETTER).split()
    assert bands("a", words) == bands("a", [*reversed(words), *words])
    assert not set(bands("a", words)) & set(bands("b", words))
    assert len(set(bands("a", words))) == BANDS


def test_texts_with_most_words_in_common_share_a_key() -> None:
    words = fold(LETTER).split()
    assert set(bands("a", words)) & set(bands("a", [*words[:8], "khac", *words[9:], "them"]))
    assert not set(bands("a", words)) & set(bands("a", fold(OTHER).split()))


def test_short_texts_have_none() -> None:
    assert bands("a", ["mot"] * (SHORT - 1)) == ()
    assert bands("a", []) == ()


def test_a_large_text_needs_little_memory() -> None:
    words = [f"tu{n}" for n in range(100_000)]
    tracemalloc.start()
    bands("a", words)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000
