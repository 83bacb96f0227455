"""The labels of `ykien classify --train`: lines {"text", "topics", "stance"?} -> a model that has learned them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from deploy.cli.json_lines import BadLineError, field, objects
from services.classify.learning.artifact import load
from services.classify.learning.rows import Labelled, masked
from services.classify.learning.train import train
from services.classify.model import OUTSIDE, Correction, TopicModel, build_model
from services.classify.pipeline import text_key
from services.classify.steps.personal.personal_data import personal_data
from services.classify.steps.view import view
from shared.consultation import Consultation
from shared.draft_text import DraftText
from shared.events import Stance

_ALSO = {"add": Stance.SUPPLEMENT, "remove": Stance.DELETE}  # what label files made elsewhere call them
_SHAPE = '{"text", "topics", "stance"?}'


@dataclass(frozen=True)
class Label:
    """A line."""

    text: str
    topics: tuple[int, ...]
    stance: Stance | None


def read_labels(lines: TextIO, codes: tuple[int, ...]) -> list[Label]:
    """The labels, in order. Raises BadLineError."""
    return [_label(number, row, codes) for number, row in objects(lines, _SHAPE)]


def taught(
    consultation: Consultation, texts: Mapping[str, DraftText], day0: TopicModel, labels: list[Label]
) -> TopicModel:
    """The model that has learned the labels, and that gives a text of the same words its label; a later line wins."""
    rows = [Labelled(_without_personal_data(label.text), label.topics, label.stance) for label in labels]
    model = build_model(consultation, texts, load(train(rows, day0)))
    return replace(model, corrections={text_key(x.text): Correction(x.topics, x.stance) for x in labels})


def read_file(path: Path, codes: tuple[int, ...]) -> list[Label]:
    """The labels of a file. Raises BadLineError and OSError."""
    with path.open(encoding="utf-8", errors="surrogateescape") as lines:
        labels = read_labels(lines, codes)
    if not labels:
        raise BadLineError("there is no label")
    return labels


def _label(number: int, row: Mapping[str, Any], codes: tuple[int, ...]) -> Label:
    text = field(number, row, "text", (str,))
    if not text.strip():
        raise BadLineError(f"line {number}: field 'text' is empty")
    topics = field(number, row, "topics", (list,))
    if not 1 <= len(topics) <= 2 or any(type(code) is not int for code in topics) or len(set(topics)) < len(topics):
        raise BadLineError(f"line {number}: field 'topics' must hold one or two different whole numbers")
    if unknown := [code for code in topics if code not in (OUTSIDE, *codes)]:
        raise BadLineError(f"line {number}: field 'topics': {unknown[0]} is no topic code; known: 0, {_list(codes)}")
    if len(topics) == 2 and OUTSIDE in topics:
        raise BadLineError(f"line {number}: field 'topics': 0 (outside the topic groups) stands alone")
    return Label(text, tuple(topics), _stance(number, row))


def _stance(number: int, row: Mapping[str, Any]) -> Stance | None:
    if row.get("stance") is None:
        return None
    value = field(number, row, "stance", (str,))
    if value in _ALSO:
        return _ALSO[value]
    try:
        return Stance(value)
    except ValueError as error:
        known = ", ".join(stance.value for stance in Stance)
        raise BadLineError(f"line {number}: field 'stance': {value[:40]!r} is none of {known}") from error


def _without_personal_data(text: str) -> str:
    seen = view(text)
    return masked(text, personal_data(seen, 0, len(seen.plain)))


def _list(codes: tuple[int, ...]) -> str:
    return ", ".join(map(str, codes))
