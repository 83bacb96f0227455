"""Waiting for something to become true, with an end."""

import asyncio
import subprocess
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path


async def until(condition: Callable[[], bool | Awaitable[bool]], timeout_s: float = 60.0, what: str = "it") -> None:
    """Returns once the condition holds. Raises AssertionError after `timeout_s`, which only a failing test waits for."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = condition()
        if not isinstance(answer, bool):
            answer = await answer
        if answer:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {timeout_s} s")


def until_served(
    url: str, process: "subprocess.Popen[bytes]", log: Path, text: str = "", timeout_s: float = 60.0
) -> None:
    """Returns once the process answers 200 there, with `text` in it. Raises AssertionError with the end of its log
    when it ends or after `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own address
                if text in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer {text!r}: {log.read_text()[-3000:]}")
