"""Opinions per second and core through the whole pure pipeline, next to what a scikit-learn user would write.

The floor is `TfidfVectorizer` (word 1-2 and char_wb 2-5) with `LogisticRegression.predict` in batches of 256 over the same texts:
it names a topic group and nothing else. The pipeline splits, names groups and stance, resolves citations, locates edits, finds
personal data, tells the language, and keeps the evidence. `YKIEN_BENCH_PROFILE=1` prints where its time goes.

The machine is shared: batch by batch the floor and the pipeline take turns, in time of this process only, and of each batch the
best round counts for either.
"""

import cProfile
import os
import pstats
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time
from typing import Any

from services.classify import collector
from services.classify.learning.artifact import load as load_learned
from services.classify.learning.rows import Labelled
from services.classify.learning.train import train
from services.classify.model import TopicModel, build_model
from services.classify.pipeline import Letter, classify_text, classify_texts
from shared import draft_text
from shared.consultation_yaml import load
from tests.bench.opinions import texts
from tests.bench.row import Row

_ROOT = Path(__file__).parents[2]
_DEFINITIONS = _ROOT / "consultations"
_TEXTS = 3000
_ROUNDS = 4
_BATCH = 256
_LABELS = 300


def run() -> list[Row]:
    """Rows of `name, n, seconds, per_s, ratio, floor`; about a minute on one core."""
    consultation = load(_DEFINITIONS / "dien-bien-2025.yaml")
    drafts = {d.id: draft_text.parse((_DEFINITIONS / d.current.text).read_text("utf-8")) for d in consultation.drafts}
    day0 = build_model(consultation, drafts)
    labels = [(text, _topic(text, day0)) for text in texts(25, _LABELS, seed=7)]
    learned = load_learned(train([Labelled(text, (topic,)) for text, topic in labels], day0))
    models = {"day 0": day0, "learned": build_model(consultation, drafts, learned)}
    predict = _scikit(labels)
    collector.rest()  # as in the service and in `ykien classify`
    rows = [row for words in (20, 100) for row in _measured(words, models, predict)]
    if os.environ.get("YKIEN_BENCH_PROFILE"):
        _profile(texts(20, _TEXTS), models["learned"])
    return rows


def _topic(text: str, model: TopicModel) -> int:
    read = classify_text(text, model, id_prefix="bench").opinions
    return read[0].topics[0]


def _scikit(labels: list[tuple[str, int]]) -> Callable[[list[str]], Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion, make_pipeline

    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2))),
            ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))),
        ]
    )
    fitted = make_pipeline(features, LogisticRegression(max_iter=300)).fit(*zip(*labels, strict=True))
    predict: Callable[[list[str]], Any] = fitted.predict
    return predict


def _measured(words: int, models: Mapping[str, TopicModel], predict: Callable[[list[str]], Any]) -> list[Row]:
    sample = texts(words, _TEXTS if words < 50 else _TEXTS // 3)
    floor = f"TF-IDF + LR of scikit-learn, batches of {_BATCH}, {words} words"
    named = {f"whole pipeline, {name}, {words} words": _whole(model) for name, model in models.items()}
    seconds = _seconds(sample, {floor: predict, **named})
    base = Row(floor, len(sample), seconds[floor])
    return [base, *(Row(name, len(sample), seconds[name]).against(base) for name in named)]


def _whole(model: TopicModel) -> Callable[[list[str]], None]:
    def classify(batch: list[str]) -> None:
        classify_texts([Letter(text, "bench") for text in batch], model)

    return classify


def _seconds(sample: list[str], works: Mapping[str, Callable[[list[str]], Any]]) -> dict[str, float]:
    """Name -> seconds of this process for the whole sample: the sum of the best round of each batch."""
    total = dict.fromkeys(works, 0.0)
    for start in range(0, len(sample), _BATCH):
        batch = sample[start : start + _BATCH]
        best = dict.fromkeys(works, float("inf"))
        for _ in range(_ROUNDS):
            for name, work in works.items():
                started = process_time()
                work(batch)
                best[name] = min(best[name], process_time() - started)
        for name, spent in best.items():
            total[name] += spent
    return total


def _profile(sample: list[str], model: TopicModel) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for text in sample:
        classify_text(text, model, id_prefix="bench")
    profile.disable()
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(25)
