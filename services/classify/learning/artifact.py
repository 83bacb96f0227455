"""A learned model as bytes: compressed JSON, checked before it is believed. No pickle: reading it runs nothing."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NoReturn

from services.classify.learning.scorer import LARGEST, UNIT, Scorer, Weights

FORMAT = 1  # grows when features or scoring change: an artifact of another format must be trained anew
_LARGEST_BYTES = 256 << 20  # unpacked; 100,000 rows come to about 60 MB
_LARGEST_NUMBER = 1e6
_LONGEST_FEATURE = 400


class ArtifactError(ValueError):
    """The bytes are no learned model that this code can use; the message says why."""


@dataclass(frozen=True)
class Head:
    """Scores of one question: `scale` * what is known already + the scorer's outputs from `first` on + bias."""

    first: int
    bias: tuple[float, ...]
    scale: float


@dataclass(frozen=True)
class Learned:
    """What people's decisions taught. `digest` names the artifact; `rows` the decisions; `day0` the model they were taught to."""

    digest: str
    rows: str
    labels: int
    day0: str
    code: str
    codes: tuple[int, ...]
    order: int
    topics: Head
    outside: Head
    scorer: Scorer


def dump(learned: Learned) -> bytes:
    """The artifact of a model; `digest` is not stored, it follows from the bytes."""
    document = {
        "format": FORMAT,
        "rows": learned.rows,
        "labels": learned.labels,
        "day0": learned.day0,
        "code": learned.code,
        "codes": learned.codes,
        "order": learned.order,
        "topics": {"bias": learned.topics.bias, "scale": learned.topics.scale},
        "outside": {"bias": learned.outside.bias, "scale": learned.outside.scale},
        "features": dict(sorted(learned.scorer.table.items())),
    }
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def load(data: bytes) -> Learned:
    """The model of an artifact. Raises ArtifactError."""
    document = _document(data)
    if document.get("format") != FORMAT:
        raise ArtifactError(f"format {str(document.get('format'))[:20]!r}, not {FORMAT}")
    codes = document.get("codes")
    if not isinstance(codes, list) or not codes or any(type(c) is not int or not 1 <= c <= 99 for c in codes):
        raise ArtifactError("codes: not a list of topic codes")
    if len(set(codes)) < len(codes):
        raise ArtifactError("codes: one stands twice")
    order = document.get("order")
    if order not in (1, 2, 3) or type(order) is not int:
        raise ArtifactError("order: not 1, 2 or 3")
    outputs = len(codes) + 1
    table = _table(document.get("features"), outputs + 1)
    try:
        scorer = Scorer(outputs, table)
    except ValueError as error:
        raise ArtifactError(f"features: {error}") from error
    return Learned(
        digest=sha256(data).hexdigest(),
        rows=_word(document, "rows"),
        labels=_count(document, "labels"),
        day0=_word(document, "day0"),
        code=_word(document, "code"),
        codes=tuple(codes),
        order=order,
        topics=_head(document, "topics", 0, len(codes)),
        outside=_head(document, "outside", len(codes), 1),
        scorer=scorer,
    )


def _document(data: bytes) -> Mapping[str, Any]:
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(data, _LARGEST_BYTES)
    except zlib.error as error:
        raise ArtifactError("not compressed by zlib") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ArtifactError(f"cut off, followed by other bytes, or larger than {_LARGEST_BYTES} bytes")
    try:
        document = json.loads(raw, parse_constant=_no_constant)
    except ArtifactError:
        raise
    except (ValueError, RecursionError) as error:
        raise ArtifactError("not JSON") from error
    if not isinstance(document, dict):
        raise ArtifactError("not an object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ArtifactError(f"{name} is no weight")


def _word(document: Mapping[str, Any], field: str) -> str:
    value = document.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise ArtifactError(f"{field}: not a short text")
    return value


def _count(document: Mapping[str, Any], field: str) -> int:
    value = document.get(field)
    if type(value) is not int or value < 0:
        raise ArtifactError(f"{field}: not a count")
    return value


def _number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST_NUMBER:
        raise ArtifactError(f"{field}: not a number of reasonable size")
    return float(value)


def _head(document: Mapping[str, Any], field: str, first: int, size: int) -> Head:
    value = document.get(field)
    bias = value.get("bias") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(bias, list) or len(bias) != size:
        raise ArtifactError(f"{field}: not {size} biases and a scale")
    return Head(first, tuple(_number(b, field) for b in bias), _number(value.get("scale"), field))


def _table(value: object, lanes: int) -> dict[str, Weights]:
    if not isinstance(value, dict):
        raise ArtifactError("features: not an object")
    largest = LARGEST * UNIT
    table: dict[str, Weights] = {}
    for feature, weights in value.items():
        if not isinstance(weights, list) or len(weights) != lanes or len(feature) > _LONGEST_FEATURE:
            raise ArtifactError(f"features: one has not {lanes} weights, or a name that is too long")
        if any(type(w) is not int or not -largest <= w <= largest for w in weights) or weights[-1] < 0:
            raise ArtifactError("features: a weight is not a whole number in range")
        table[feature] = tuple(weights)
    return table
