"""What `ykien doctor` says about one thing it looked at."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `fault`: wrong here; `away`: does not answer."""

    level: Literal["ok", "warn", "fault", "away"]
    what: str
    mend: str = ""
