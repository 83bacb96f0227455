"""Opinions of a wanted length, shuffled together from the sentences of the demo's invented input."""

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_INPUT = Path(__file__).parents[2] / "deploy" / "demo" / "input"
_SEED = 20250611
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_SHORTEST = 4  # words: less is a greeting


def texts(words: int, count: int, seed: int = _SEED) -> list[str]:
    """`count` opinions of `words` words each; the same for the same arguments."""
    draw = random.Random(seed)
    made: list[str] = []
    for _ in range(count):
        opinion: list[str] = []
        while len(opinion) < words:
            opinion.extend(draw.choice(sentences()).split())
        made.append(" ".join(opinion[:words]) + ".")
    return made


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence of the demo input that says something."""
    lines = (line for path in sorted(_INPUT.glob("*.jsonl")) if path.stem != "bad" for line in path.open("rb"))
    found = (s for line in lines for text in _texts(json.loads(line)) for s in _SENTENCE_END.split(text))
    return tuple(s for s in found if len(s.split()) >= _SHORTEST)


def _texts(row: object) -> Iterator[str]:
    """What stands under "text" anywhere in a row, whatever its channel's format."""
    if isinstance(row, dict):
        for key, value in row.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(row, list):
        for value in row:
            yield from _texts(value)
