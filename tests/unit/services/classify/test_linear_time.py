"""A letter of a megabyte is read, and costs no more for each of its characters than a short one; whatever is in it, nothing breaks."""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from services.classify.model import TopicModel, build_model
from services.classify.pipeline import classify_text, text_key
from services.classify.steps.citing.cites import cites
from services.classify.steps.editing.edits import edits
from services.classify.steps.language import language
from services.classify.steps.personal.personal_data import personal_data
from services.classify.steps.petition import petition_suspected
from services.classify.steps.splitting.split import split
from services.classify.steps.stances.stance import stance
from services.classify.steps.topics import topics_of
from services.classify.steps.view import View, view
from shared import draft_text
from shared.consultation_yaml import load
from shared.events import Opinion, SetAside
from tests.support.fuzz import budget, for_seconds
from tests.support.growth import LINEAR, growth
from tests.unit.services.classify.pathological import UNITS, mixture, repeated

_DEFINITIONS = Path(__file__).parents[4] / "consultations"
_SHORT_STEP = 20_000  # code points: single steps have quick ways for shorter ones
_SHORT = 2_500  # code points: beyond what is folded word by word (shared/text.py), which is quicker still


@cache
def _model() -> TopicModel:
    consultation = load(_DEFINITIONS / "dien-bien-2025.yaml")
    drafts = {d.id: draft_text.parse((_DEFINITIONS / d.current.text).read_text("utf-8")) for d in consultation.drafts}
    return build_model(consultation, drafts)


def _whole(text: str) -> object:
    return classify_text(text, _model(), id_prefix="s")


def _step(step: Callable[[View, int, int], object]) -> Callable[[str], object]:
    def read(text: str) -> object:
        seen = view(text)
        return step(seen, 0, len(seen.plain))

    return read


_STEPS: dict[str, Callable[[str], object]] = {
    "split": lambda text: split(view(text)),
    "cites": _step(lambda seen, start, end: cites(seen, start, end, _model())),
    "edits": _step(lambda seen, start, end: edits(seen, start, end, _model().drafts)),
    "stance": _step(stance),
    "topics": _step(lambda seen, start, end: topics_of([(seen, start, end, ())], _model())),
    "language": _step(language),
    "personal data": _step(personal_data),
    "petition": _step(petition_suspected),
    "text key": text_key,
    "whole": _whole,
}


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_text_costs_no_more_per_character_than_a_short_one(unit: str) -> None:
    assert growth(_whole, lambda size: repeated(unit, size), _SHORT, 60_000) <= LINEAR


def test_a_long_wild_mixture_costs_no_more_per_character_than_a_short_one() -> None:
    assert growth(_whole, lambda size: mixture(random.Random(size), size), _SHORT, 100_000) <= LINEAR


@pytest.mark.fuzz
@pytest.mark.timeout(600)
def test_fuzz_no_step_is_slower_per_character_on_a_megabyte() -> None:
    long = 1_000_000 if budget() >= 30 else 200_000

    def check(case: tuple[str, str]) -> None:
        name, unit = case
        short = _SHORT if name == "whole" else _SHORT_STEP
        grown = growth(_STEPS[name], lambda size: repeated(unit, size), short, long)
        assert grown <= LINEAR, f"{name} of {unit!r} without end"

    for_seconds(lambda draw: (draw.choice([*_STEPS]), draw.choice(UNITS)), check)


@pytest.mark.fuzz
def test_fuzz_any_text_is_read_into_exact_spans_that_cover_it() -> None:
    def text(draw: random.Random) -> str:
        return mixture(draw, draw.choice((1, 10, 100, 100, 1000, 1000, 5000)))

    assert for_seconds(text, _check_read) > 0


def test_a_megabyte_of_anything_is_read() -> None:
    _check_read(mixture(random.Random(20251122), 1_000_000 if budget() >= 30 else 200_000))


def _check_read(text: str) -> None:
    """Spans are exact, in order and cover the text; what was read is what its models allow."""
    read = classify_text(text, _model(), id_prefix="s")
    parts: list[Opinion | SetAside] = sorted([*read.opinions, *read.set_aside], key=lambda part: part.start)
    at = 0
    for part in parts:
        assert at <= part.start < part.end <= len(text)
        assert not text[at : part.start].strip()
        at = part.end
    assert not text[at:].strip()
    for opinion in read.opinions:
        assert opinion.text == text[opinion.start : opinion.end]
        assert Opinion.model_validate(opinion.model_dump()) == opinion
        for cite in opinion.cites:
            assert opinion.start <= cite.start < cite.end <= opinion.end
        for hidden in opinion.pii:
            assert opinion.start <= hidden.start < hidden.end <= opinion.end
        for edit in opinion.edits:
            assert edit.old is None or edit.old_at is None or text.startswith(edit.old, edit.old_at)
            assert edit.new is None or edit.new_at is None or text.startswith(edit.new, edit.new_at)
