"""A bus that never answers holds nobody up for longer than a term."""

import asyncio
from typing import Any
from unittest.mock import Mock

from shared.leases import Lease


async def test_a_bus_that_never_answers_is_a_bus_that_is_away() -> None:
    js = Mock()

    async def silent(_name: str) -> Any:
        await asyncio.Event().wait()

    js.key_value = silent
    async with asyncio.timeout(2):
        assert not await Lease(js, "hop-thu.a", holder="mot", term_s=0.05).try_now()
