"""What the webhook does with a request: keep it, answer a ping, or refuse it. Pure; nothing here trusts a byte before it is signed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.ingest.channels.zalo.settings import Account, Accounts
from services.ingest.channels.zalo.signature import is_signed
from services.ingest.channels.zalo.wire import millis, parse, sub, text_id

MAX_BODY = 1_000_000  # bytes; a message holds 2,000 characters and links


@dataclass(frozen=True)
class Ping:
    """`{}` or nothing, unsigned: what Zalo sends when the address is saved. Answered, not kept."""


@dataclass(frozen=True)
class Refused:
    """Not to be kept; `reason` is a code for the metric."""

    reason: str


@dataclass(frozen=True)
class Admitted:
    """A signed event of an account of ours, as it came. `message_id`: the same for every repetition of it."""

    account: Account
    event_name: str
    message_id: str
    body: bytes


def admit(body: bytes, headers: Mapping[str, str], accounts: Accounts, now: datetime) -> Ping | Refused | Admitted:
    """Decides. `headers` by lower-case names.

    An event older than the replay window is refused; one that Zalo repeats carries its first timestamp, so the window is as long
    as the repetitions. A timestamp that is no time of our days (Zalo's own sample has twelve digits) is let pass: what protects
    against counting twice is that every message id counts once, and losing a letter over a clock would be worse.
    """
    if len(body) > MAX_BODY:
        return Refused("too-large")
    signature = headers.get("x-zevent-signature")
    if signature is None and body.strip() in {b"", b"{}"}:
        return Ping()
    event = parse(body)
    if event is None:
        return Refused("malformed")
    at = text_id(event.get("timestamp"))
    stamps = (at, (headers.get("x-zevent-timestamp") or "").strip() or None)
    signed = [
        account
        for account in accounts.by_oa.values()
        if is_signed(signature, body, stamps, app_id=account.settings.app_id, secret=account.secret)
    ]
    if not signed:
        return Refused("unsigned" if signature is None else "wrong-signature")
    named = {
        text_id(event.get("oa_id")),
        text_id(sub(event, "recipient").get("id")),
        text_id(sub(event, "sender").get("id")),
    }
    account = next((one for one in signed if one.settings.oa_id in named), None)
    if account is None or text_id(event.get("app_id")) not in {None, account.settings.app_id}:
        return Refused("unknown-account")
    sent = millis(at)
    if sent is not None and now - sent > timedelta(seconds=accounts.settings.replay_window_s):
        return Refused("too-old")
    name = str(event.get("event_name", ""))
    return Admitted(account, name, _message_id(account.settings.oa_id, name, event, body), body)


def _message_id(oa_id: str, name: str, event: Mapping[str, object], body: bytes) -> str:
    known = text_id(sub(event, "message").get("msg_id")) or hashlib.sha256(body).hexdigest()
    return "zalo:" + hashlib.sha256(json.dumps([oa_id, name, known]).encode()).hexdigest()
