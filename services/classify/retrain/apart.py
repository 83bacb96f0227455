"""Training in a process apart: given a lesson and a time, killed when it takes longer or when the service stops."""

import asyncio
import os
import sys

from services.classify.retrain.lesson import Lesson
from shared.errors import YkienError

TIMEOUT_S = 600.0
_COMMAND = (sys.executable, "-m", "services.classify.retrain.child")


class TrainingFailed(YkienError):
    """The child died, took too long or refused the rows; the message says which, and quotes nothing."""


async def train_apart(lesson: Lesson, *, timeout_s: float = TIMEOUT_S, command: tuple[str, ...] = _COMMAND) -> bytes:
    """The artifact. Raises TrainingFailed."""
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(timeout_s):
            out, told = await child.communicate(await asyncio.to_thread(_body, lesson))
    except TimeoutError:
        raise TrainingFailed(f"not done within {timeout_s:.0f} s") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or not out:
        last = told.decode("utf-8", "replace").strip().splitlines()[-1:] if child.returncode == 1 else []
        raise TrainingFailed(f"exit code {child.returncode} {''.join(last)[:200]}".strip())
    return out


def _body(lesson: Lesson) -> bytes:
    return lesson.model_dump_json().encode()
