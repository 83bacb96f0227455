"""Feeds mail, Zalo, VNeID and the partner app, each over its real protocol, signed as its senders sign."""

import asyncio
import hashlib
import json
import secrets
import smtplib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jws
from rich.console import Console

from deploy.cli.common import http_client, problem_text
from deploy.demo import mails
from deploy.demo.channels import AUDIENCE, ISSUER, KID, MAILBOX, OA_ID, Surroundings
from deploy.demo.dovecot import Dovecot
from deploy.demo.feed import Command, Fed, rows
from shared.errors import Permanent
from shared.partner_keys import signature

PARTNER = "dien-bien-smart"


@dataclass
class ChannelFeeder:
    """`dovecot`: the demo's own, running; None without one."""

    url: str
    around: Surroundings
    console: Console
    ykien: Command
    dovecot: Dovecot | None = None

    async def feed(self, fed: Fed) -> None:
        """Everything. Raises Permanent when something good was refused."""
        await self._mail(fed)
        async with http_client(self.url) as client:
            await self._zalo(client, fed)
            await self._vneid(client, fed)
            await self._partner(client, fed)

    async def _mail(self, fed: Fed) -> None:
        sent = {"smtp": 0, "imap": 0}
        for row in rows("email"):
            if row["by"] == "imap" and self.dovecot is None:
                continue
            mail = mails.make(row)
            if row["by"] == "smtp" or self.dovecot is None:
                await asyncio.to_thread(self._smtp, mail.as_bytes(), row["from"])
            else:
                await asyncio.to_thread(self.dovecot.deliver, mail.as_bytes())
            sent[row["by"]] += 1
            fed.accepted += 1
            fed.receipts += not row.get("auto")
        self.console.print(f"  e-mail: {sent['smtp']} handed over by SMTP, each answered 250", highlight=False)
        told = f"{sent['imap']} read from a Dovecot mailbox" if self.dovecot else "no Dovecot here: no mailbox read"
        self.console.print(f"  e-mail: {told}", highlight=False)

    def _smtp(self, mail: bytes, sender: str) -> None:
        with smtplib.SMTP("127.0.0.1", self.around.smtp_port, timeout=30) as client:
            client.sendmail(sender, [MAILBOX], mail)

    async def _zalo(self, client: httpx.AsyncClient, fed: Fed) -> None:
        for row in rows("zalo"):
            for number, text in enumerate(row["messages"]):
                await self._zalo_event(client, row["user"], f"{row['id']}-{number}", text)
            fed.accepted += 1
            fed.zalo += 1
        self.console.print(f"  Zalo: {fed.zalo} conversations, every signed event answered 200", highlight=False)

    async def _zalo_event(self, client: httpx.AsyncClient, user: str, msg_id: str, text: str) -> None:
        at = str(int(time.time() * 1000))
        event = {
            "app_id": self.around.oa.app_id,
            "user_id_by_app": user,
            "sender": {"id": user},
            "recipient": {"id": OA_ID},
            "event_name": "user_send_text",
            "message": {"msg_id": msg_id, "text": text},
            "timestamp": at,
        }
        body = json.dumps(event, ensure_ascii=False).encode()
        mac = hashlib.sha256(self.around.oa.app_id.encode() + body + at.encode() + self.around.oa_secret.encode())
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={mac.hexdigest()}"}
        answer = await client.post("/channels/zalo/webhook", content=body, headers=headers)
        if answer.status_code != httpx.codes.OK:
            raise Permanent(f"the Zalo webhook answered {answer.status_code}")

    async def _vneid(self, client: httpx.AsyncClient, fed: Fed) -> None:
        for row in rows("vneid"):
            payload = {k: v for k, v in row.items() if k != "id"} | {"consultation_id": self.around.consultation}
            await self._signed(client, "/channels/vneid", payload)
            fed.accepted += 1
        counts = [{"draft_id": "bao-cao-chinh-tri", "stance": "Tán thành", "submissions": 1203, "with_text": 41}]
        counts.append(
            {"draft_id": "bao-cao-chinh-tri", "stance": "Không tán thành", "submissions": 12, "with_text": 12}
        )
        aggregate = {
            "consultation_id": self.around.consultation,
            "batch_id": "ngay-2025-06-11",
            "revision": 1,
            "period_start": "2025-06-11T00:00:00+07:00",
            "period_end": "2025-06-12T00:00:00+07:00",
            "counts": counts,
        }
        await self._signed(client, "/channels/vneid/aggregates", aggregate)
        self.console.print("  VNeID: every signed message answered 202, counts of another body too", highlight=False)

    async def _signed(self, client: httpx.AsyncClient, path: str, payload: dict[str, Any]) -> None:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 240, "jti": secrets.token_hex(12)}
        content = json.dumps(claims | payload, ensure_ascii=False)
        token = jws.serialize_compact({"alg": "ES256", "kid": KID}, content, self.around.signing_key)
        answer = await client.post(path, content=token, headers={"Content-Type": "application/jose"})
        if answer.status_code != httpx.codes.ACCEPTED:
            raise Permanent(f"{path}: {problem_text(answer)}")

    async def _partner(self, client: httpx.AsyncClient, fed: Fed) -> None:
        code, out = await self.ykien(
            "partner", "add", PARTNER, "--name", "Điện Biên Smart", "--consultation", self.around.consultation
        )
        keys = dict(line.split(": ", 1) for line in out.splitlines() if ": " in line)
        if code or "api-key" not in keys:
            raise Permanent(f"ykien partner add ended with {code}")
        all_rows = list(rows("partner"))
        await self._known(client, keys["api-key"])
        single = {k: v for k, v in all_rows[0].items() if k != "id"}
        key = {"Authorization": f"Bearer {keys['api-key']}", "Idempotency-Key": all_rows[0]["id"]}
        await self._post(client, f"/channels/partner/{PARTNER}", json.dumps(single).encode(), key, "application/json")
        fed.accepted += 1
        body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in all_rows[1:]).encode()
        path, at = f"/channels/partner/{PARTNER}/batch", str(int(time.time()))
        mac = signature(keys["signing-secret"], timestamp=at, method="POST", path=path, body=body, idempotency_key=None)
        signed = {"X-Ykien-Key": keys["key-id"], "X-Ykien-Timestamp": at, "X-Ykien-Signature": mac}
        answer = await self._post(client, path, body, signed, "application/x-ndjson")
        _note_batch(fed, answer, all_rows[1:])
        self.console.print(
            f"  partner app: one by API key, {answer['accepted']} by a signed batch, {answer['refused']} line refused",
            highlight=False,
        )

    async def _known(self, client: httpx.AsyncClient, api_key: str) -> None:
        """A new key works within seconds: an empty body is refused for its body, no longer for the key."""
        for _ in range(100):
            answer = await client.post(
                f"/channels/partner/{PARTNER}", content=b"", headers={"Authorization": f"Bearer {api_key}"}
            )
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return
            await asyncio.sleep(0.1)
        raise Permanent("the partner's new key is not known after ten seconds")

    async def _post(
        self, client: httpx.AsyncClient, path: str, body: bytes, headers: dict[str, str], content_type: str
    ) -> dict[str, Any]:
        answer = await client.post(path, content=body, headers={**headers, "Content-Type": content_type})
        if not answer.is_success:
            raise Permanent(f"{path}: {problem_text(answer)}")
        found: dict[str, Any] = answer.json()
        return found


def _note_batch(fed: Fed, answer: dict[str, Any], sent: Iterable[dict[str, Any]]) -> None:
    for row, result in zip(sent, answer["results"], strict=True):
        if bool(row["text"]) != (result["status"] == httpx.codes.ACCEPTED):
            raise Permanent(f"the batch answered {result['status']} to {row['id']}")
        if result["status"] == httpx.codes.ACCEPTED:
            fed.accepted += 1
            fed.receipts += bool((row.get("respondent") or {}).get("email"))
        else:
            fed.refused += 1
            fed.reasons.append(f"{result['status']} {row['id']}: {result['errors'][0]['reason']}")
