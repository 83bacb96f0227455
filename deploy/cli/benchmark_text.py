"""`ykien benchmark-text`: the learned text model of the topic groups on labelled texts, measured on texts it has not seen."""

import json
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from deploy.cli.common import BAD_INPUT, fail
from deploy.cli.json_lines import batches

_BATCH = 256  # texts answered at once

Train = Annotated[
    Path, typer.Option("--train", help="Folder with sents.txt, topics.txt, sentiments.txt to learn from.")
]
Test = Annotated[Path, typer.Option("--test", help="Folder of the same layout to measure on.")]
Task = Annotated[Literal["topics", "sentiments"], typer.Option("--task", help="Which labels.")]


def benchmark_text(train: Train, test: Test, task: Task) -> None:
    """Train the learned text model and print weighted and macro F1, seconds of fitting and texts per second, as one JSON line."""
    from services.classify.learning.measure import f1
    from services.classify.learning.text_model import fit_text

    texts, labels = _read(train, task)
    unseen, expected = _read(test, task)
    began = time.perf_counter()
    try:
        model = fit_text(texts, labels)
    except ValueError as error:
        fail(BAD_INPUT, f"{train}: {error}")
    fitted = time.perf_counter()
    answers = [label for batch in batches(unseen, _BATCH) for label in model.labels_of(batch)]
    took = time.perf_counter() - fitted
    scores = f1(expected, answers)
    figures = {
        "weighted_f1": round(scores.weighted, 4),
        "macro_f1": round(scores.macro, 4),
        "fit_s": round(fitted - began, 2),
        "per_s": round(len(unseen) / max(took, 1e-9)),
    }
    print(json.dumps(figures))


def _read(folder: Path, task: str) -> tuple[list[str], list[int]]:
    """One text a line, and its label on the same line of the other file."""
    texts, labels = _lines(folder / "sents.txt"), _lines(folder / f"{task}.txt")
    if len(texts) != len(labels) or not texts:
        fail(BAD_INPUT, f"{folder}: {len(texts)} texts and {len(labels)} labels")
    numbers = []
    for number, label in enumerate(labels, start=1):
        if not (label.isascii() and label.isdecimal()):
            fail(BAD_INPUT, f"{folder / task}.txt: line {number}: {label[:20]!r} is no label number")
        numbers.append(int(label))
    return texts, numbers


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fail(BAD_INPUT, f"{path}: {error.strerror or error if isinstance(error, OSError) else error}")
    return [line.strip() for line in text.removesuffix("\n").split("\n")]
