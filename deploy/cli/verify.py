"""`ykien verify`: is this receipt ours, and is its submission there?"""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import httpx
import typer

from deploy.cli.common import BAD_INPUT, NO, UNREACHABLE, Url, fail, gateway, http_client
from shared import signing


def verify(
    receipt: Annotated[Path, typer.Argument(help="The receipt as JSON, as the receipt page or the API gave it.")],
    url: Url = None,
) -> None:
    """Check a receipt's signature and that the system holds the submission; exit 1 when not."""
    try:
        document = json.loads(receipt.read_text(encoding="utf-8"))
        document = document.get("receipt", document)
        signature, code = str(document["signature"]), str(document["tracking_code"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        fail(BAD_INPUT, f"{receipt} is not a receipt ({type(error).__name__}: {error})")
    asyncio.run(_verify(document, signature, code, gateway(url)))


async def _verify(document: dict[str, object], signature: str, code: str, url: str) -> None:
    async with http_client(url) as client:
        try:
            key = (await client.get("/api/v1/receipt-key")).raise_for_status().json()
            status = await client.get(f"/api/v1/submissions/{code}")
        except httpx.HTTPError as error:
            fail(UNREACHABLE, f"{url} does not answer ({type(error).__name__})")
    payload = {name: value for name, value in document.items() if name != "signature"}
    if not signing.verify(key["public_key"], payload, signature):
        print("signature: wrong")
        raise typer.Exit(NO)
    print("signature: good")
    if status.status_code != httpx.codes.OK:
        print("submission: not found")
        raise typer.Exit(NO)
    print(f"submission: {status.json()['status']}")
