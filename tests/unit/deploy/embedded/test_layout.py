"""Finding the running system: only a living one, only one of them, only this user's."""

import os
from pathlib import Path

import pytest

from deploy.embedded.layout import Instance, announce, running

GONE = 2**22 + 1  # above the largest process id


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def _instance(port: int, data: Path, pid: int | None = None) -> Instance:
    return Instance(f"http://127.0.0.1:{port}", "nats://secret@127.0.0.1:1", str(data), pid or os.getpid())


def test_a_living_system_is_found_by_nothing_by_url_and_by_folder(tmp_path: Path) -> None:
    one = _instance(8080, tmp_path)
    note = announce(one)
    assert running() == running("http://localhost:8080/") == running(data=tmp_path) == one
    assert running("http://127.0.0.1:8081") is running(data=tmp_path / "other") is None
    assert note.stat().st_mode & 0o077 == 0


def test_of_two_none_is_taken_unless_it_is_named(tmp_path: Path) -> None:
    one, two = _instance(8080, tmp_path / "a"), _instance(8081, tmp_path / "b")
    announce(one)
    announce(two)
    assert running() is None
    assert running(two.url) == running(data=tmp_path / "b") == two


def test_a_dead_one_or_a_damaged_note_is_as_good_as_absent(tmp_path: Path) -> None:
    note = announce(_instance(8080, tmp_path, GONE))
    (note.parent / "9.json").write_text('{"url": ')
    (note.parent / "10.json").write_text('{"other": 1}')
    assert running() is None
