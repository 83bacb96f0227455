"""One conversation that cannot be worked keeps no other waiting."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast
from unittest.mock import Mock

import pytest

from services.ingest.channels.zalo.desk import Desk
from services.ingest.channels.zalo.office import Office
from services.ingest.channels.zalo.timer import sweep
from shared.errors import Permanent, Transient


@pytest.mark.parametrize("error", [Transient("bus"), Permanent("khoa"), ValueError("loi"), KeyError("loi")])
async def test_a_sweep_goes_on_behind_a_conversation_that_fails(error: Exception) -> None:
    worked: list[str] = []

    class FakeDesk:
        async def due(self, _now: datetime) -> AsyncIterator[str]:
            for key in ("mot", "hong", "hai"):
                yield key

    class FakeOffice:
        async def work(self, key: str) -> bool:
            if key == "hong":
                raise error
            worked.append(key)
            return False

    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert await sweep(cast("Office", FakeOffice()), Mock(), cast("Desk", FakeDesk()), lambda: now) == 2
    assert worked == ["mot", "hai"]
