"""A linear model served from one dictionary: feature -> the weights of all its outputs, packed into one integer.

Adding integers adds every output's weight at once, exactly, and in any order: a text's score does not depend on the machine or
on how a set happens to be ordered. One addition costs what adding two floats costs.
"""

import math
import struct
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

LANE_BITS = 64
UNIT = 1 << 20  # a weight of 1.0
LARGEST = 1 << 12  # of a weight; a text's 4,000 features add up to less than half a lane
_MASK = (1 << LANE_BITS) - 1
_HALF = 1 << (LANE_BITS - 1)


def packed(weights: Sequence[int]) -> int:
    """Signed weights in units of 1/UNIT, the first in the lowest lane."""
    total = 0
    for lane, weight in enumerate(weights):
        total += weight << (lane * LANE_BITS)
    return total


def unpacked(total: int, lanes: int) -> list[int]:
    """The weights (or their sums) of a packed integer."""
    halves, size, unpack = _lanes(lanes)
    # Half a lane in each: none is negative, and none borrows from the next; taken away again, each is a signed number.
    return list(unpack(((total + halves) ^ halves).to_bytes(size, "little")))


@lru_cache
def _lanes(lanes: int) -> tuple[int, int, Callable[[bytes], tuple[int, ...]]]:
    """Half a lane in each, their bytes together, and what reads them."""
    halves = sum(_HALF << (lane * LANE_BITS) for lane in range(lanes))
    return halves, lanes * LANE_BITS // 8, struct.Struct(f"<{lanes}q").unpack


class Heard(NamedTuple):
    """What a scorer made of a text: its outputs, and its features, to tell which of them spoke for an output."""

    scores: list[float]
    features: Collection[str]
    weights: Sequence[int]  # theirs, packed; 0 of one it does not know
    scale: float

    def strongest(self, output: int, most: int) -> list[tuple[float, str]]:
        """What the loudest features add to an output's score, negated, and their names; only those that speak for it."""
        shift, scale = output * LANE_BITS, self.scale
        mask, half = _MASK << shift, _HALF << shift
        # A borrow from the lane below may take 1/UNIT from a weight: nothing to a reader.
        loud = [
            (-lane, name)
            for total, name in zip(self.weights, self.features, strict=True)
            if (lane := total & mask) and lane < half
        ]
        loud.sort()
        return [((lane >> shift) * scale, name) for lane, name in loud[:most]]


@dataclass(frozen=True)
class Scorer:
    """`table`: feature -> packed weights of `outputs` outputs, and of its squared length in one more lane."""

    outputs: int
    table: Mapping[str, int]

    def scores(self, features: Iterable[str]) -> list[float]:
        """The outputs for a text of these features, scaled as if the text's features had length one."""
        return self._scaled(sum(map(self.table.get, features, repeat(0))))[0]

    def hear(self, features: Collection[str]) -> Heard:
        """The same, with what it comes from."""
        weights = list(map(self.table.get, features, repeat(0)))
        scores, scale = self._scaled(sum(weights))
        return Heard(scores, features, weights, scale)

    def _scaled(self, total: int) -> tuple[list[float], float]:
        *sums, squares = unpacked(total, self.outputs + 1)
        if squares <= 0:
            return [0.0] * self.outputs, 0.0
        scale = 1.0 / math.sqrt(squares * UNIT)
        return [value * scale for value in sums], scale
