"""Precision, recall and F1 over the items of a gold set, and a listing people can act on."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

GOLD = Path(__file__).resolve().parents[4] / "gold"

Case = dict[str, Any]
G = TypeVar("G")
F = TypeVar("F")


def load(name: str) -> list[Case]:
    """The cases of tests/gold/`name`.jsonl, one JSON object per line."""
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@dataclass(frozen=True)
class Wrong:
    """One item that was missed (`found` False) or read although it is not there (`found` True)."""

    case: Case
    item: object
    found: bool

    def __str__(self) -> str:
        mark = "FALSE " if self.found else "MISSED"
        return f"{mark} {self.case['id']}: {self.item}\n         in: {self.case['text']!r}\n         why: {self.case.get('why', '')}"


@dataclass
class Score:
    """Counts over all cases: `right` items agree, the others are listed in `wrong`."""

    right: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def false(self) -> int:
        return sum(w.found for w in self.wrong)

    @property
    def missed(self) -> int:
        return len(self.wrong) - self.false

    @property
    def precision(self) -> float:
        """Share of the items read that are right; 1 when nothing was read."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold items that were read; 1 when there is nothing to read."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def reaches(self, least: float) -> bool:
        """Whether precision and recall are both at least this."""
        return min(self.precision, self.recall) >= least

    def add(self, case: Case, gold: Iterable[G], found: Iterable[F], same: Callable[[G, F], bool]) -> None:
        """Pairs each gold item with one found item that is the `same`, in order; what stays over is wrong."""
        left = list(found)
        for item in gold:
            match = next((i for i, other in enumerate(left) if same(item, other)), None)
            if match is None:
                self.wrong.append(Wrong(case, item, found=False))
            else:
                del left[match]
                self.right += 1
        self.wrong.extend(Wrong(case, other, found=True) for other in left)

    def __str__(self) -> str:
        head = (
            f"precision {self.precision:.4f}  recall {self.recall:.4f}  F1 {self.f1:.4f}"
            f"  ({self.right} right, {self.missed} missed, {self.false} false)"
        )
        return "\n".join([head, *map(str, self.wrong)])


def faults(cases: list[Case]) -> list[str]:
    """What is wrong with a gold set as such: ids or texts that occur twice, cases without a reason."""
    ids = Counter(case["id"] for case in cases)
    texts = Counter(case["text"] for case in cases)
    return (
        [f"id twice: {name}" for name, count in ids.items() if count > 1]
        + [f"text twice: {text!r}" for text, count in texts.items() if count > 1]
        + [f"{case['id']}: no why" for case in cases if not case.get("why")]
    )
