"""Learned models as bytes: what fits comes back unchanged, what does not is refused."""

import json
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.learning import numbered
from services.classify.learning.artifact import FORMAT, ArtifactError, Head, Learned, dump, load
from services.classify.learning.scorer import LARGEST, UNIT, Scorer, Weights

tables = st.dictionaries(
    st.text(max_size=20).filter(lambda t: t.isprintable()),
    st.tuples(*[st.integers(-LARGEST * UNIT, LARGEST * UNIT)] * 3, st.integers(0, LARGEST * UNIT)),
    max_size=20,
)


def learned(table: dict[str, Weights]) -> Learned:
    return Learned(
        digest="",
        rows="0" * 64,
        labels=3,
        day0="day0-6-x",
        code="6",
        codes=(1, 2),
        order=2,
        topics=Head(0, (0.5, -0.25), 1.125),
        outside=Head(2, (-1.0,), 0.75),
        scorer=Scorer(3, table),
    )


@settings(max_examples=60)
@given(tables, st.lists(st.lists(st.text(max_size=20), max_size=5), max_size=3))
def test_a_loaded_model_scores_exactly_as_the_one_that_was_stored(
    table: dict[str, Weights], others: list[list[str]]
) -> None:
    before = learned(table)
    data = dump(before)
    after = load(data)
    assert replace(after, digest="") == before
    texts = [" ".join(table).split(), *others]
    assert after.scorer.hear(texts, 3).scores == before.scorer.hear(texts, 3).scores
    assert [after.scorer.pack(text) for text in texts] == [before.scorer.pack(text) for text in texts]
    assert dump(after) == data


def _document(**changes: Any) -> bytes:
    good: dict[str, Any] = json.loads(zlib.decompress(dump(learned({"a": (1, 2, 3, 4)}))))
    return zlib.compress(json.dumps(good | changes).encode())


def test_weights_come_back_as_whole_numbers() -> None:
    table: dict[str, Weights] = {"a": (-LARGEST * UNIT, 0, LARGEST * UNIT, 7), "đ b": (1, -2, 3, 0)}
    assert load(dump(learned(table))).scorer.table == table


def test_more_different_words_than_a_scorer_can_tell_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbered, "_MOST_WORDS", 40)
    with pytest.raises(ArtifactError):
        load(_document(features={f"w{i}": [1, 2, 3, 4] for i in range(40)}))


def test_the_document_of_these_tests_is_a_good_one() -> None:
    assert load(_document()).codes == (1, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": FORMAT + 1},
        {"format": None},
        {"codes": []},
        {"codes": [1, 1]},
        {"codes": [1, True]},
        {"codes": [0, 1]},
        {"codes": "12"},
        {"order": 4},
        {"order": True},
        {"labels": -1},
        {"labels": 1e400},
        {"rows": ""},
        {"day0": "x" * 101},
        {"topics": {"bias": [1.0], "scale": 1.0}},
        {"topics": {"bias": [1.0, float("nan")], "scale": 1.0}},
        {"topics": {"bias": [1.0, 2.0], "scale": float("inf")}},
        {"topics": {"bias": [1.0, 2.0], "scale": 1e300}},
        {"topics": {"bias": [1.0, 2.0], "scale": 10**400}},
        {"outside": []},
        {"features": []},
        {"features": {"a": [1, 2, 3]}},
        {"features": {"a": [1, 2, 3, -1]}},
        {"features": {"a": [1, 2, 3, 4.0]}},
        {"features": {"a": [1, 2, True, 4]}},
        {"features": {"a": [1, 2, 3, LARGEST * UNIT + 1]}},
        {"features": {"a": [10**400, 2, 3, 4]}},
        {"features": {"a" * 401: [1, 2, 3, 4]}},
    ],
)
def test_a_document_that_does_not_fit_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ArtifactError):
        load(_document(**changes))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not compressed",
        zlib.compress(b"[]"),
        zlib.compress(b"{"),
        zlib.compress(b"\xff"),
        zlib.compress(b"[" * 200_000),
        zlib.compress(b'{"format": ' + b"9" * 10_000 + b"}"),
        _document()[:-3],
        _document() + b"more",
        zlib.compress(b" " * (257 << 20)),
    ],
    ids=["empty", "plain", "list", "cut", "no-text", "nested", "digits", "short", "long", "bomb"],
)
def test_bytes_that_are_no_artifact_are_refused(data: bytes) -> None:
    with pytest.raises(ArtifactError):
        load(data)
