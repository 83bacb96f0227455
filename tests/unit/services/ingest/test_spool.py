"""The spool keeps what it acknowledged, shows nobody what it holds, and refuses rather than overflows."""

import asyncio
import os
from pathlib import Path
from unittest.mock import AsyncMock, Mock

import pytest

from services.ingest.spool import Spool, Spooled, SpoolFull, drain, keep_draining
from shared.errors import Transient

KEY = bytes(32)


def one(n: int = 1, words: str = "Đề nghị bổ sung") -> Spooled:
    return Spooled(stream="ZALO", subject="zalo.event.1", message_id=f"m{n}", body_hex=words.encode().hex())


def content(spool: Spool) -> list[Spooled | None]:
    return [spool.read(path) for path in spool.waiting()]


def test_what_was_put_is_there_for_the_next_process_in_the_order_it_came(tmp_path: Path) -> None:
    before = Spool(tmp_path / "s", KEY)
    for n in range(5):
        before.put(one(n))
    assert content(Spool(tmp_path / "s", KEY)) == [one(n) for n in range(5)]


def test_the_disk_shows_neither_words_nor_accounts(tmp_path: Path) -> None:
    Spool(tmp_path, KEY).put(one())
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    assert "Đề nghị".encode() not in data
    assert b"zalo.event" not in data
    assert one().body_hex.encode() not in data


def test_the_file_is_flushed_before_it_has_its_name_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        seen.append(sorted(path.suffix for path in tmp_path.iterdir()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    Spool(tmp_path, KEY).put(one())
    assert seen == [[".writing"], [".event"]]


def test_what_was_removed_is_gone_also_when_another_replica_removed_it(tmp_path: Path) -> None:
    spool, other = Spool(tmp_path, KEY), Spool(tmp_path, KEY)
    spool.put(one())
    (path,) = other.waiting()
    spool.remove(path)
    other.remove(path)
    assert other.read(path) is None
    assert spool.waiting() == []


def test_over_its_bound_it_refuses_and_keeps_nothing_half(tmp_path: Path) -> None:
    spool = Spool(tmp_path, KEY, max_bytes=500)
    spool.put(one(1))
    with pytest.raises(SpoolFull):
        spool.put(one(2, "x" * 500))
    assert content(spool) == [one(1)]
    assert len(list(tmp_path.iterdir())) == 1


def test_room_that_was_freed_can_be_used_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path, KEY, max_bytes=300)
    spool.put(one(1))
    with pytest.raises(SpoolFull):
        spool.put(one(2))
    spool.remove(spool.waiting()[0])
    spool.waiting()
    spool.put(one(2))
    assert content(spool) == [one(2)]


def test_a_disk_without_free_space_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpoolFull):
        Spool(tmp_path, KEY, min_free=10**18).put(one())
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_is_transient_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path, KEY)

    def fails(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(Transient):
        spool.put(one())
    assert spool.waiting() == []


def test_a_damaged_file_is_set_aside_and_does_not_hold_up_the_others(tmp_path: Path) -> None:
    spool = Spool(tmp_path, KEY)
    spool.put(one(1))
    (path,) = spool.waiting()
    path.write_bytes(path.read_bytes()[:-1])
    spool.put(one(2))
    assert content(spool) == [None, one(2)]
    assert [p.suffix for p in tmp_path.iterdir() if p.suffix != ".event"] == [".damaged"]
    assert content(spool) == [one(2)]


def test_what_a_dead_process_left_half_written_is_swept_up_later(tmp_path: Path) -> None:
    spool = Spool(tmp_path, KEY)
    half = tmp_path / "1.writing"
    half.write_bytes(b"x")
    assert spool.waiting() == []
    assert half.exists(), "it may be written just now"
    os.utime(half, (1, 1))
    spool.waiting()
    assert not half.exists()


async def test_a_damaged_file_that_another_replica_sets_aside_first_does_not_end_the_draining(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0-a.event").write_bytes(b"khong phai hop kin")
    spool = Spool(tmp_path, KEY)
    spool.put(one())
    rename = Path.rename

    def too_late(self: Path, target: Path) -> Path:
        if target.suffix == ".damaged":
            self.unlink()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", too_late)
    bus = Mock()
    bus.js.publish = AsyncMock()
    draining = asyncio.create_task(keep_draining(spool, bus))
    async with asyncio.timeout(5):
        while bus.js.publish.await_count == 0 or spool.waiting():
            await asyncio.sleep(0.01)
    assert not draining.done()
    draining.cancel()


async def test_a_disk_that_refuses_to_set_a_damaged_file_aside_keeps_no_other_from_leaving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0-a.event").write_bytes(b"khong phai hop kin")
    spool = Spool(tmp_path, KEY)
    spool.put(one())
    monkeypatch.setattr(Path, "rename", Mock(side_effect=PermissionError(13, "denied")))
    bus = Mock()
    bus.js.publish = AsyncMock()
    assert await drain(spool, bus) == 1
    assert [path.name for path in spool.waiting()] == ["0-a.event"]
