"""Wakes a conversation when its person has been silent long enough: a one-shot message of the bus, replaced by each new message.

A lost or early one strands nothing: `sweep` looks for overdue conversations by itself.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import nats.errors
import structlog
from nats.js.errors import NotFoundError

from services.ingest.channels.zalo.desk import Desk
from services.ingest.channels.zalo.fetcher import Fetcher
from services.ingest.channels.zalo.office import Office
from shared import topology
from shared.bus import Bus
from shared.clock import Clock
from shared.errors import Transient, YkienError
from shared.raw_message import RawMessage

_WAITING, _FIRED = "sched.zalo.", "trigger.zalo."
log = structlog.get_logger("ingest")


def headers(key: str, at: datetime) -> dict[str, str]:
    """What makes the server hold the message back until then; it knows whole seconds, and must not be early. Pure."""
    whole = (at.astimezone(UTC) + timedelta(microseconds=999_999)).replace(microsecond=0)
    return {
        "Nats-Schedule": f"@at {whole.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Nats-Schedule-Target": f"{_FIRED}{key}",
    }


async def wake(bus: Bus, key: str, at: datetime) -> None:
    """Asks for a trigger at that time instead of any earlier one. Raises Transient when the bus is away."""
    try:
        await bus.js.publish(f"{_WAITING}{key}", b"{}", stream=topology.SCHEDULE.name, headers=headers(key, at))
        await bus.js.purge_stream(topology.SCHEDULE.name, subject=f"{_WAITING}{key}", keep=1)
    except (nats.errors.Error, OSError) as error:
        raise Transient(f"the timer was not set ({type(error).__name__})") from error


async def on_trigger(office: Office, fetcher: Fetcher, bus: Bus, message: RawMessage) -> None:
    """Works the conversation and takes the trigger off the bus, where nothing else would."""
    key = message.subject.removeprefix(_FIRED)
    if await office.work(key):
        fetcher.soon(key)
    await discard(bus, topology.SCHEDULE.name, message.seq)


async def discard(bus: Bus, stream: str, seq: int) -> None:
    """Removes a message that has been worked. Raises Transient when the bus is away."""
    try:
        await bus.js.delete_msg(stream, seq)
    except NotFoundError:
        return
    except (nats.errors.Error, OSError) as error:
        if getattr(error, "err_code", None) in _NO_MESSAGE:
            return
        raise Transient(f"{stream} {seq} was not removed ({type(error).__name__})") from error


_NO_MESSAGE = {10043, 10057}  # it is gone already; 2.15.1 says 10057


async def sweep(office: Office, fetcher: Fetcher, desk: Desk, clock: Clock) -> int:
    """Works every overdue conversation; answers how many were worked. Raises Transient when the database is away."""
    count = 0
    async for key in desk.due(clock()):
        try:
            if await office.work(key):
                fetcher.soon(key)
            count += 1
        except YkienError as error:  # the next one may be sound; this one comes again at the next sweep
            log.warning("zalo.conversation_waits", reason=str(error)[:200])
        except Exception:  # nor may a fault of ours in one, at every sweep, strand all those behind it
            log.exception("zalo.conversation_waits")
    return count


async def keep_sweeping(office: Office, fetcher: Fetcher, desk: Desk, clock: Clock, every_s: float) -> None:
    """Runs until cancelled: at start, then again and again."""
    while True:
        try:
            await sweep(office, fetcher, desk, clock)
        except YkienError as error:
            log.warning("zalo.sweep_failed", reason=str(error)[:200])
        except Exception:  # a task that ends silently would strand conversations
            log.exception("zalo.sweep_failed")
        await asyncio.sleep(every_s)
