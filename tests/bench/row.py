"""What a benchmark answers: one measurement per row, always next to a named floor or peer of the same run."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """`n` things in `seconds`; `ratio` is this row's rate over the floor's, so 1.0 means "as fast as `floor`"."""

    name: str
    n: int
    seconds: float
    p99_ms: float | None = None
    ratio: float | None = None
    floor: str = ""
    note: str = ""

    @property
    def per_s(self) -> float:
        """Things per second."""
        return self.n / self.seconds

    def against(self, floor: "Row") -> "Row":
        """This row with its ratio to the floor."""
        return replace(self, ratio=self.per_s / floor.per_s, floor=floor.name)

    def as_json(self) -> dict[str, object]:
        """For the results file."""
        return asdict(self) | {"per_s": round(self.per_s, 2)}


def timed(name: str, n: int, work: Callable[[], object]) -> Row:
    """Calls `work`, which does `n` things, once."""
    started = perf_counter()
    work()
    return Row(name, n, perf_counter() - started)


def percentile(seconds: list[float], share: float) -> float:
    """The latency below which `share` of all lie, in ms."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000
