"""What becomes of a delivery: done, tried again later, or a dead letter. Pure; `worker.py` carries it out."""

import traceback
from dataclasses import dataclass
from pathlib import PurePath

from pydantic import ValidationError

from shared.envelope import validation_faults
from shared.errors import Permanent, YkienError


@dataclass(frozen=True)
class Policy:
    """`delays_s[n-1]` is the pause after the n-th failed attempt; the attempt number `attempts` is the last one."""

    delays_s: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0, 600.0)
    attempts: int = 6


DEFAULT = Policy()


@dataclass(frozen=True)
class Done:
    """Acknowledge."""


@dataclass(frozen=True)
class Retry:
    """Ask for another delivery after that many seconds."""

    delay_s: float


@dataclass(frozen=True)
class DeadLetter:
    """Copy to the dead letters with that reason, then acknowledge."""

    reason: str


def decide(error: Exception | None, attempt: int, policy: Policy = DEFAULT) -> Done | Retry | DeadLetter:
    """By the kind of failure and how often it was tried (from 1)."""
    if error is None:
        return Done()
    if isinstance(error, Permanent) or attempt >= policy.attempts:
        return DeadLetter(reason_of(error))
    return Retry(policy.delays_s[min(attempt, len(policy.delays_s)) - 1])


def reason_of(error: BaseException) -> str:
    """Class and message, fit for logs and lists.

    Only messages of our own errors are kept: they never quote input. Of a foreign error we tell where it was raised,
    for its text may hold a citizen's words.
    """
    name = type(error).__name__
    if isinstance(error, YkienError):
        return f"{name}: {error}"[:500]
    if isinstance(error, ValidationError):
        return f"{name}: {validation_faults(error)}"[:500]
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return name
    last = frames[-1]
    return f"{name} in {PurePath(last.filename).name}:{last.lineno} ({last.name})"
