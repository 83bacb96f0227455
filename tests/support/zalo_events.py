"""Invented events of the Zalo webhook, signed as Zalo signs them."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

OA, APP, SECRET = "1000000000000000001", "2000000000000000002", "khoa-bi-mat-bia-ra"
USER = "3000000000000000003"


def event(name: str, msg_id: str | None, at: datetime, *, user: str = USER, **message: Any) -> dict[str, Any]:
    """A user's event, with every id and time as text, as Zalo has them."""
    return {
        "app_id": APP,
        "sender": {"id": user},
        "user_id_by_app": "4" + user[1:],
        "recipient": {"id": OA},
        "event_name": name,
        "message": {**({"msg_id": msg_id} if msg_id else {}), **message},
        "timestamp": str(int(at.timestamp() * 1000)),
    }


def text(msg_id: str, words: str, at: datetime, *, user: str = USER) -> dict[str, Any]:
    """`user_send_text`."""
    return event("user_send_text", msg_id, at, user=user, text=words)


def file(
    msg_id: str, url: str, data: bytes, at: datetime, *, name: str = "gop-y.docx", **payload: Any
) -> dict[str, Any]:
    """`user_send_file`, with the true size and checksum unless told otherwise."""
    whole = {
        "size": str(len(data)),
        "name": name,
        "checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "type": name.rpartition(".")[2],
        "url": url,
    } | payload
    return event("user_send_file", msg_id, at, text="", attachments=[{"type": "file", "payload": whole}])


def withdraw(at: datetime, *, user: str = USER) -> dict[str, Any]:
    """`user_withdraw`."""
    stamp = str(int(at.timestamp() * 1000))
    return {"app_id": APP, "oa_id": OA, "user_id": user, "event_name": "user_withdraw", "timestamp": stamp}


def signed(
    body: dict[str, Any] | bytes, *, timestamp: str | None = None, secret: str = SECRET
) -> tuple[bytes, dict[str, str]]:
    """The raw body and its headers; with `timestamp` the header's one is signed, else the body's."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    stamp = timestamp or (str(body.get("timestamp")) if isinstance(body, dict) else "")
    mac = hashlib.sha256(APP.encode() + raw + stamp.encode() + secret.encode()).hexdigest()
    headers = {"X-ZEvent-Signature": f"mac={mac}"} | ({"X-ZEvent-Timestamp": timestamp} if timestamp else {})
    return raw, headers


def settings_yaml(
    *, quiet_s: float = 1, hosts: Sequence[str] = (), retry_s: Sequence[float] = (0.3, 0.3), sweep_s: float = 0.5
) -> str:
    """`zalo.yaml` for tests; `hosts` are local servers without TLS."""
    return f"""
accounts:
  - oa_id: "{OA}"
    app_id: "{APP}"
    consultation: dien-bien-2025
    secret_file: zalo-oa.secret
    quiet_period_s: {quiet_s}
sweep_s: {sweep_s}
media:
  allow_http_hosts: {json.dumps(list(hosts))}
  retry_after_s: {json.dumps(list(retry_s))}
  timeout_s: 2
  max_bytes: 100000
"""
