"""Opinions per second and core through the whole classifier, next to a floor: tokenise the text and look every word up.

The texts are sentences of the demo's invented input, shuffled into opinions of about 20 and about 100 words.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from services.classify.model import TopicModel, build_model
from services.classify.pipeline import classify_text
from shared.consultation_yaml import load
from tests.bench.row import Row, timed

_ROOT = Path(__file__).parents[2]
_INPUT = _ROOT / "deploy" / "demo" / "input"
_DEFINITION = _ROOT / "consultations" / "dien-bien-2025.yaml"
_SEED = 20250611
_TEXTS = 3000
_ROUNDS = 3  # the best one counts: the machine is shared
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def run() -> list[Row]:
    """Rows of `name, n, seconds, per_s, ratio, floor`; about 20 seconds on one core."""
    model = build_model(load(_DEFINITION))
    vocabulary = {term: number for number, term in enumerate(model.terms)}
    return [row for words in (20, 100) for row in _measured(words, model, vocabulary)]


def texts(words: int, count: int, seed: int = _SEED) -> list[str]:
    """Opinions of about `words` words each; the same for the same arguments."""
    draw = random.Random(seed)
    sentences = _sentences()
    made: list[str] = []
    for _ in range(count):
        opinion: list[str] = []
        length = 0
        while length < words:
            sentence = draw.choice(sentences)
            opinion.append(sentence)
            length += len(sentence.split())
        made.append(" ".join(" ".join(opinion).split()[:words]) + ".")
    return made


def _sentences() -> Sequence[str]:
    found: list[str] = []
    for path in sorted(_INPUT.glob("*.jsonl")):
        if path.stem == "bad":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            found.extend(s for s in _SENTENCE_END.split(str(json.loads(line)["text"])) if len(s.split()) >= 4)
    return found


def _measured(words: int, model: TopicModel, vocabulary: dict[str, int]) -> tuple[Row, Row]:
    sample = texts(words, _TEXTS if words < 50 else _TEXTS // 3)

    def floor() -> None:
        for text in sample:
            for word in re.findall(r"\w+", text.lower()):
                vocabulary.get(word)

    def classify() -> None:
        for text in sample:
            classify_text(text, model, id_prefix="bench")

    base = _best(f"tokenise and look up, {words} words", len(sample), floor)
    return base, _best(f"classify, {words} words", len(sample), classify).against(base)


def _best(name: str, n: int, work: Callable[[], None]) -> Row:
    return min((timed(name, n, work) for _ in range(_ROUNDS)), key=lambda row: row.seconds)
