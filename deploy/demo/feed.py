"""Feeds the shipped input through every channel built so far, each as its users use it."""

import asyncio
import csv
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import xlsxwriter
from rich.console import Console

from deploy.bulk.rows import RESPONDENT
from deploy.cli.common import http_client, problem_text
from deploy.paths import SHIPPED
from shared.consultation_yaml import load
from shared.errors import Permanent

INPUT = Path(__file__).parent / "input"
COLUMNS = ("text", "section_ref", "stance", "submitted_at", *RESPONDENT)
Command = Callable[..., Awaitable[tuple[int, str]]]


@dataclass
class Fed:
    """What was sent and how it was answered."""

    accepted: int = 0
    refused: int = 0
    receipts: int = 0  # respondents who gave an address
    zalo: int = 0  # respondents who wrote through Zalo
    recipients: int = 0  # of the digest
    reasons: list[str] = field(default_factory=list)


@dataclass
class Feeder:
    """`ykien` runs the command line."""

    url: str
    token: str
    consultation: str
    folder: Path
    console: Console
    ykien: Command

    async def feed(self) -> Fed:
        """Everything in `input/`. Raises Permanent when something good was refused or something bad accepted."""
        fed = Fed()
        fed.recipients = self._recipients()
        async with http_client(self.url, token=self.token) as client:
            await asyncio.gather(self._web(client, fed), self._api(client, fed))
            await self._bad(client, fed)
        await self._bulk(self._table("letter", ".jsonl"), "letter", fed)
        await self._bulk(self._table("meeting", ".csv"), "meeting", fed)
        await self._bulk(self._table("unit-report", ".xlsx"), "unit-report", fed)
        return fed

    def _recipients(self) -> int:
        return len(load(SHIPPED / f"{self.consultation}.yaml").recipients)

    async def _web(self, client: httpx.AsyncClient, fed: Fed) -> None:
        """The form, without JavaScript: open the page, post what its fields hold, follow to the receipt."""
        page = (await client.get(f"/c/{self.consultation}")).raise_for_status().text
        if 'name="token"' not in page:
            raise Permanent("the form has no token")
        for row in rows("web"):
            person = row.get("respondent") or {}
            fields = {"text": row["text"], "token": _form_token(row), "section_ref": row.get("section_ref") or ""}
            fields |= {"stance": row.get("stance") or ""} | {k: person.get(k) or "" for k in RESPONDENT}
            if any(person.get(k) for k in ("name", "phone", "email", "address")):
                fields["consent"] = "1"
            response = await client.post(f"/c/{self.consultation}", data=fields)
            if response.status_code != httpx.codes.SEE_OTHER:
                raise Permanent(f"the form refused row {row['id']} ({response.status_code})")
            receipt = await client.get(response.headers["Location"])
            if not re.search(r"[2-9A-Y]{5}-[2-9A-Y]{5}-[2-9A-Y]{5}", receipt.raise_for_status().text):
                raise Permanent(f"the receipt page of row {row['id']} shows no tracking code")
            _note(fed, row)
        self.console.print("  web form: every receipt page shown", highlight=False)

    async def _api(self, client: httpx.AsyncClient, fed: Fed) -> None:
        for row in rows("api"):
            body = {k: v for k, v in row.items() if k != "id"}
            headers = {"Idempotency-Key": f"demo-{row['id']}"}
            response = await client.post(
                f"/api/v1/consultations/{self.consultation}/submissions", json=body, headers=headers
            )
            if response.status_code != httpx.codes.ACCEPTED:
                raise Permanent(f"the API refused row {row['id']}: {problem_text(response)}")
            _note(fed, row)
        self.console.print("  API: every row answered 202", highlight=False)

    async def _bad(self, client: httpx.AsyncClient, fed: Fed) -> None:
        """Input that must be refused, each with a reason."""
        for row in rows("bad"):
            consultation = row.get("consultation", self.consultation)
            content = row["raw"].encode() if "raw" in row else json.dumps(row["body"]).encode()
            headers = {"Content-Type": "application/json"}
            response = await client.post(
                f"/api/v1/consultations/{consultation}/submissions", content=content, headers=headers
            )
            if response.is_success or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Permanent(f"bad row {row['id']} was answered {response.status_code}")
            fed.refused += 1
            fed.reasons.append(f"{response.status_code} {problem_text(response)}")

    async def _bulk(self, file: Path, channel: str, fed: Fed) -> None:
        code, out = await self.ykien(
            "submit", str(file), "--consultation", self.consultation, "--channel", channel, "--url", self.url
        )
        found = re.fullmatch(r"accepted=(\d+) rejected=(\d+) duplicate=(\d+)\n", out)
        if code or found is None:
            raise Permanent(f"ykien submit {file.name} ended with {code}: {out}")
        self.console.print(f"  {channel} ({file.suffix}): {out.strip()}", highlight=False)
        accepted, rejected = int(found[1]), int(found[2])
        fed.accepted += accepted
        fed.refused += rejected
        fed.receipts += sum(1 for row in rows(channel) if (row.get("respondent") or {}).get("email"))

    def _table(self, channel: str, suffix: str) -> Path:
        """The rows of a channel as an office would hand them in: JSONL, CSV or XLSX."""
        path = self.folder / f"{channel}{suffix}"
        table = list(rows(channel))
        if suffix == ".jsonl":
            path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table), encoding="utf-8")
        elif suffix == ".csv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["id", *COLUMNS])
                writer.writerows(_cells(row) for row in table)
        else:
            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet()
                for number, cells in enumerate([["id", *COLUMNS], *(_cells(row) for row in table)]):
                    for column, cell in enumerate(cells):
                        sheet.write_string(number, column, cell)
        return path


def rows(channel: str) -> Iterator[dict[str, Any]]:
    """The shipped input of a channel."""
    with (INPUT / f"{channel}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _cells(row: dict[str, Any]) -> list[str]:
    flat = {**row, **(row.get("respondent") or {})}
    return [str(flat.get(name) or "") for name in ("id", *COLUMNS)]


def _form_token(row: dict[str, Any]) -> str:
    return f"demo-{row['id']}"


def _note(fed: Fed, row: dict[str, Any]) -> None:
    fed.accepted += 1
    fed.receipts += bool((row.get("respondent") or {}).get("email"))
