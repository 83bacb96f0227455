"""Any letters, in any batch, by several threads at once and with tables that are always full: each is read as it is alone."""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from services.classify import packed, pipeline, words
from services.classify.learning.artifact import load as load_learned
from services.classify.learning.train import train
from services.classify.model import TopicModel, build_model
from services.classify.pipeline import Letter, TextRead, classify_text, classify_texts
from services.classify.steps import chunks
from shared import draft_text
from shared.consultation_yaml import load as load_definition
from shared.events import Stance
from tests.support.fuzz import for_seconds
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.gold.scoring import load
from tests.unit.services.classify.learning.examples import ROWS
from tests.unit.services.classify.pathological import UNITS, mixture, repeated

_DEFINITIONS = Path(__file__).parents[4] / "consultations"
_GOLD: list[str] = [
    case["text"] for name in ("splitting", "citations", "edits", "personal_data") for case in load(name)
]
_SIZES = (0, 1, 10, 100, 100, 300, 1000, 2500)
_ODD = ("", " \n", "\x00", "a\x00b", "đề\x00nghị bỏ", "\u200b", "x" * 5000, "1. Bổ sung đường.\n" * 320, "“" * 2100)


@cache
def _models() -> tuple[TopicModel, ...]:
    consultation = load_definition(_DEFINITIONS / "dien-bien-2025.yaml")
    drafts = {d.id: draft_text.parse((_DEFINITIONS / d.current.text).read_text("utf-8")) for d in consultation.drafts}
    small = build_model(small_consultation())
    learned = build_model(small_consultation(), learned=load_learned(train(ROWS, small)))
    return build_model(consultation, drafts), small, learned


def _text(draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.5:
        text = draw.choice(_GOLD)
        return draw.choice((text, text, text.upper(), text + draw.choice(UNITS), text + "\n" + draw.choice(_GOLD)))
    if kind < 0.8:
        return mixture(draw, draw.choice(_SIZES))
    return repeated(draw.choice(UNITS), draw.choice(_SIZES)) if kind < 0.95 else draw.choice(_ODD)


def _batch(draw: random.Random) -> tuple[TopicModel, list[Letter]]:
    letters = [
        Letter(
            _text(draw),
            f"s{number}",
            draw.choice((None, None, None, "III", "iv.1", "XCIX")),
            draw.choice((None, None, None, *Stance)),
        )
        for number in range(draw.choice((1, 2, 7, 8, 9, 20, 64)))
    ]
    return draw.choice(_models()), letters


def _alone(letter: Letter, model: TopicModel) -> TextRead:
    return classify_text(
        letter.text, model, id_prefix=letter.id_prefix, section_ref=letter.section_ref, given=letter.given
    )


def _same(model: TopicModel, letters: list[Letter]) -> None:
    for letter, read in zip(letters, classify_texts(letters, model), strict=True):
        assert read == _alone(letter, model), f"in a batch {letter.text!r} is read otherwise than alone"


@pytest.mark.fuzz
@pytest.mark.timeout(600)
def test_fuzz_a_letter_is_read_in_any_batch_as_alone() -> None:
    assert for_seconds(_batch, lambda drawn: _same(*drawn)) > 0


@pytest.mark.fuzz
@pytest.mark.timeout(600)
def test_fuzz_threads_that_read_at_once_with_full_tables_do_not_disturb_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (chunks, packed, words):
        monkeypatch.setattr(module, "_MOST_KEPT", 5)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    with ThreadPoolExecutor(4) as pool:

        def check(drawn: tuple[TopicModel, list[Letter]]) -> None:
            model, letters = drawn
            alone = [_alone(letter, model) for letter in letters]
            parts = [letters, letters[::-1], letters, letters[::-1]]
            for part, read in zip(parts, pool.map(lambda part: classify_texts(part, model), parts), strict=True):
                assert read == (alone if part is letters else alone[::-1])

        try:
            assert for_seconds(_batch, check) > 0
        finally:
            sys.setswitchinterval(interval)


@pytest.mark.parametrize("at_once", [1, 40, 200, 100_000])
def test_letters_read_a_few_at_a_time_are_read_as_all_at_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(7)
    model = _models()[0]
    letters = [Letter(draw.choice((*_GOLD, "", "x" * 300)), f"s{number}") for number in range(50)]
    together = pipeline._together(letters, model)
    monkeypatch.setattr(pipeline, "_AT_ONCE", at_once)
    assert classify_texts(letters, model) == together
    parcels = [*pipeline._parcels(letters)]
    assert [letter for parcel in parcels for letter in parcel] == letters
    assert all(len(parcel) == 1 or sum(len(letter.text) for letter in parcel) <= at_once for parcel in parcels)
