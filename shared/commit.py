"""Storing messages in the stream: one as a plain JetStream publish, several as one atomic batch (all or none)."""

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.envelope import MSG_ID
from shared.errors import Permanent, Transient

log = structlog.get_logger()

CALL = "Ykien-Call"  # one publish call, retries included
ATTEMPT_S = 5.0
LOOK_S = 0.2  # how often a waiting request looks whether its connection was lost
PAUSE_S = (0.02, 0.5)  # between attempts, growing
_FULL = frozenset({10077, 10047, 10023})  # max bytes or messages reached, no storage left, store failed
_NEVER = frozenset({10054, 10060})  # larger than the stream allows, wrong stream


@dataclass(frozen=True)
class Ack:
    """The stream's answer: the sequence under which the event is stored, and whether it had been there already."""

    seq: int
    duplicate: bool = False


@dataclass(frozen=True)
class Message:
    """What is to be stored; `deadline` is on the monotonic clock, in seconds."""

    subject: str
    headers: Mapping[str, str]
    body: bytes
    deadline: float

    @property
    def id(self) -> str:
        return self.headers[MSG_ID]


class _UnansweredError(Exception):
    """Nobody can tell whether the stream has it; only the same message id makes trying again safe."""


class _RefusedError(Exception):
    """The stream's own refusal."""

    def __init__(self, code: int, err_code: int, text: str) -> None:
        super().__init__(f"{code}/{err_code} {text}")
        self.code = code
        self.err_code = err_code


class Commit:
    """Callable: one answer per message, in order, an Ack or the error to raise."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc

    async def __call__(self, messages: Sequence[Message]) -> list[Ack | Exception]:
        if len(messages) > 1:
            stored = await self._batch(messages)
            if stored is not None:
                return stored
        # Alone, or the batch was rejected or its fate is unknown: each by itself is answered truthfully.
        return await asyncio.gather(*(self._one(m, doubtful=len(messages) > 1) for m in messages))

    async def _batch(self, messages: Sequence[Message]) -> list[Ack | Exception] | None:
        if not self._nc.is_connected:  # a half batch must not wait in the client's buffer
            return None
        batch = uuid4().hex
        last = len(messages)
        try:
            for n, message in enumerate(messages[:-1], 1):
                headers = {**message.headers, "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(n)}
                await self._nc.publish(message.subject, message.body, headers=headers)
            final = messages[-1]
            commit = {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(last), "Nats-Batch-Commit": "1"}
            answer = await self._ask(final.subject, final.body, {**final.headers, **commit}, ATTEMPT_S)
        except (_UnansweredError, _RefusedError, nats.errors.Error) as error:
            log.debug("batch not stored as one", messages=last, error=str(error))
            return None
        seq, count = answer.get("seq"), answer.get("count")
        if not isinstance(seq, int) or count != last:
            log.warning("batch answered oddly", messages=last, count=count)
            return None
        return [Ack(seq - last + n) for n in range(1, last + 1)]

    async def _one(self, message: Message, *, doubtful: bool) -> Ack | Exception:
        """`doubtful`: an attempt of this very call may have been stored already."""
        pause = PAUSE_S[0]
        while True:
            remaining = message.deadline - time.monotonic()
            try:
                answer = await self._ask(
                    message.subject, message.body, dict(message.headers), min(ATTEMPT_S, max(remaining, 0.1))
                )
                ack = Ack(int(str(answer["seq"])), bool(answer.get("duplicate")))
                if ack.duplicate and doubtful and await self._is_ours(message, str(answer["stream"]), ack.seq):
                    return Ack(ack.seq)
                return ack  # noqa: TRY300
            except nats.errors.MaxPayloadError:
                return Permanent(f"{message.id}: {len(message.body)} bytes are more than the bus takes")
            except _RefusedError as error:
                if error.err_code in _FULL:
                    return Transient(f"{message.id}: the stream is full ({error})")
                if error.err_code in _NEVER:
                    return Permanent(f"{message.id}: refused by the stream ({error})")
                why: Exception = error
            except (_UnansweredError, nats.errors.Error) as error:
                why = error
            if self._nc.is_closed or remaining <= 0:
                return Transient(f"{message.id}: no acknowledgement from the bus ({type(why).__name__}: {why})")
            await asyncio.sleep(min(pause * random.uniform(0.5, 1.0), remaining))  # noqa: S311 - spreads retries, no secret
            pause = min(pause * 2, PAUSE_S[1])
            doubtful = True

    async def _is_ours(self, message: Message, stream: str, seq: int) -> bool:
        """Whether the stored message is this call's own earlier attempt, whose answer was lost: then it is no duplicate."""
        try:
            stored = await self._nc.jetstream(timeout=ATTEMPT_S).get_msg(stream, seq)
        except nats.errors.Error as error:
            log.debug("duplicate not looked up", seq=seq, error=type(error).__name__)
            return False
        return (stored.headers or {}).get(CALL) == message.headers.get(CALL)

    async def _ask(self, subject: str, body: bytes, headers: dict[str, str], timeout: float) -> dict[str, object]:
        """A request answered by the stream. Gives up at once when the connection is or gets lost."""
        if not self._nc.is_connected:  # and nothing of it may wait in the client's buffer
            raise _UnansweredError("not connected")
        epoch = self._nc.stats["reconnects"]
        request = asyncio.ensure_future(self._nc.request(subject, body, timeout=timeout, headers=headers))
        try:
            while not (await asyncio.wait({request}, timeout=LOOK_S))[0]:
                if not self._nc.is_connected or self._nc.stats["reconnects"] != epoch:
                    raise _UnansweredError("connection lost")
            reply: Msg = request.result()
        finally:
            request.cancel()
        answer: dict[str, object] = json.loads(reply.data or b"{}")
        fault = answer.get("error")
        if isinstance(fault, dict):
            raise _RefusedError(
                int(fault.get("code", 0)), int(fault.get("err_code", 0)), str(fault.get("description", ""))
            )
        if "seq" not in answer:
            raise _UnansweredError("the answer is no PubAck")
        return answer
