"""Training in a process apart: it may die, hang or refuse, and the service only hears of it."""

import asyncio
import sys
import time

import pytest

from services.classify.learning.artifact import load
from services.classify.learning.rows import Labelled
from services.classify.retrain.apart import TrainingFailed, train_apart
from services.classify.retrain.lesson import Lesson
from tests.support.small_consultation import small_consultation

ROWS = [Labelled(f"Đề nghị làm đường giao thông đến bản số {n}.", (6,) if n % 2 else (3,)) for n in range(12)]
LESSON = Lesson.of(small_consultation(), {}, ROWS)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def test_the_child_learns() -> None:
    learned = load(await train_apart(LESSON))
    assert learned.labels == 12


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import os; os.kill(os.getpid(), 9)", "exit code -9"),
        ("import sys; sys.stdin.read(); sys.exit(1)", "exit code 1"),
        ("import sys; sys.stdin.read()", "exit code 0"),
    ],
)
async def test_a_child_that_dies_or_says_nothing_is_told(code: str, told: str) -> None:
    with pytest.raises(TrainingFailed, match=told):
        await train_apart(LESSON, command=python(code))


async def test_a_child_that_hangs_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(TrainingFailed, match="not done within"):
        await train_apart(LESSON, timeout_s=0.5, command=python("import time; time.sleep(60)"))
    assert time.monotonic() - began < 30  # left alone it would take a minute


async def test_a_service_that_stops_takes_its_child_along() -> None:
    task = asyncio.create_task(train_apart(LESSON, command=python("import time; time.sleep(60)")))
    await asyncio.sleep(0.5)
    task.cancel()
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 30


async def test_what_the_child_refuses_is_told_without_a_word_of_the_rows() -> None:
    bad = LESSON.model_copy(update={"rows": (LESSON.rows[0].model_copy(update={"topics": (0, 1)}),)})
    with pytest.raises(TrainingFailed) as caught:
        await train_apart(bad)
    assert "ValueError in rows.py" in str(caught.value)
    assert "giao thông" not in str(caught.value)
