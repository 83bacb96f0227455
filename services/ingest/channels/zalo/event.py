"""A signed event of Zalo as one of three things: a message to keep, a withdrawal, or nothing of ours. Pure; never raises.

Event names: Zalo's webhook documentation. Whatever a person sends is kept, also under an event name nobody knew when this was written.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.ingest.channels.zalo.message import Message, RemoteFile
from services.ingest.channels.zalo.wire import line, millis, parse, sub, text_id
from shared.events import Frozen

_FILES = frozenset({"image", "gif", "file", "audio", "voice", "video"})
_NOISE = frozenset({"sticker", "business_card", "contact"})  # no opinion, and a card names somebody else
# They tell what was done with a message of the account's, and carry that one's id.
_ABOUT_OURS = frozenset({"user_received_message", "user_seen_message", "user_reacted_message"})


class Withdrawal(Frozen):
    """The person wants to be forgotten here (`user_withdraw`). `at` None: the event names no usable time."""

    user: str
    at: datetime | None


class Ignored(Frozen):
    """Not from a person, or no message: `name` for the log is one of Zalo's event names."""

    name: str


def decode(body: bytes, *, received_at: datetime) -> Message | Withdrawal | Ignored:
    """What the event is. `received_at`: when the webhook had it."""
    event = parse(body) or {}
    name = line(event.get("event_name"))[:64]
    at = millis(text_id(event.get("timestamp")))
    user = text_id(sub(event, "sender").get("id")) or text_id(event.get("user_id"))
    if name == "user_withdraw":
        return Withdrawal(user=user, at=at) if user else Ignored(name=name)
    message = sub(event, "message")
    if not name.startswith(("user_", "anonymous_")) or name in _ABOUT_OURS:
        return Ignored(name=name)
    attachments = [one for one in _list(message.get("attachments")) if isinstance(one, dict)]
    if "_send_" not in name and not attachments and not line(message.get("text")).strip():
        return Ignored(name=name)
    digest = hashlib.sha256(body).hexdigest()
    anonymous = name.startswith("anonymous_")
    talk = text_id(message.get("conversation_id")) or text_id(event.get("conversation_id"))
    return Message(
        id=text_id(message.get("msg_id")) or digest,
        user=(talk or user if anonymous else user) or f"unknown-{digest[:32]}",
        anonymous=anonymous or user is None,
        sent_at=at,
        received_at=received_at,
        text=_text(message, attachments),
        place=_place(attachments),
        files=tuple(_files(attachments, digest)),
    )


def _list(value: object) -> list[Any]:
    return value[:50] if isinstance(value, list) else []


def _text(message: Mapping[str, Any], attachments: list[dict[str, Any]]) -> str:
    text = line(message.get("text"))
    links = [line(sub(one, "payload").get("url")) for one in attachments if one.get("type") == "link"]
    lines = [text] if text.strip() else []
    return "\n".join(lines + [link for link in dict.fromkeys(links) if link and link not in text])


def _place(attachments: list[dict[str, Any]]) -> str:
    """Latitude and longitude, to a hundred metres: enough for a road or a market, not for a house."""
    for one in attachments:
        if one.get("type") == "location":
            spot = sub(sub(one, "payload"), "coordinates")
            try:
                lat, long = (float(str(spot.get(name))) for name in ("latitude", "longitude"))
            except ValueError:
                continue
            if abs(lat) <= 90 and abs(long) <= 180:
                return f"{lat:.3f}, {long:.3f}"
    return ""


def _files(attachments: list[dict[str, Any]], digest: str) -> Iterator[RemoteFile]:
    for number, one in enumerate(attachments, start=1):
        kind = line(one.get("type"))[:40]
        payload = sub(one, "payload")
        url = line(payload.get("url")) or line(payload.get("thumbnail"))
        if kind in _NOISE or kind in {"link", "location"}:
            continue
        if kind in _FILES or url:
            size = text_id(payload.get("size")) or ""
            yield RemoteFile(
                name=line(payload.get("name"))[:200] or f"{kind or 'tep'}-{digest[:8]}-{number}",
                kind=kind,
                suffix=line(payload.get("type"))[:10].lower(),
                url=url[:4000],
                size=int(size) if size.isascii() and size.isdigit() and len(size) < 13 else None,
                md5=(text_id(payload.get("checksum")) or "").lower(),
            )
        else:  # of a kind nobody knew: people look at what it says
            said = json.dumps(one, ensure_ascii=True, sort_keys=True)[:20_000]
            yield RemoteFile(name=f"{kind or 'tin-nhan'}-{digest[:8]}-{number}.json", kind=kind, said=said)
