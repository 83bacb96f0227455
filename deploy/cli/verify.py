"""`ykien verify`: is this receipt ours, and is its submission there?"""

import asyncio
import json
from pathlib import Path
from typing import Annotated, NoReturn

import httpx
import typer

from deploy.cli.common import BAD_INPUT, NO, UNREACHABLE, Url, fail, gateway, http_client, problem_text
from shared import signing


def verify(
    receipt: Annotated[Path, typer.Argument(help="The receipt as JSON, as the receipt page or the API gave it.")],
    url: Url = None,
) -> None:
    """Check a receipt's signature and that the system holds the submission; exit 1 when not."""
    try:
        answer = json.loads(receipt.read_text(encoding="utf-8"))
        document = answer.get("receipt", answer)
        signature, code = str(document["signature"]), str(document["tracking_code"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        fail(BAD_INPUT, f"{receipt} is not a receipt ({type(error).__name__}: {error})")
    # The API's answer repeats fields of the receipt outside its signature: those must say the same.
    if any(document[name] != value for name, value in answer.items() if name in document):
        _no("signature: wrong (the fields around the receipt differ from it)")
    asyncio.run(_verify(document, signature, code, gateway(url)))


async def _verify(document: dict[str, object], signature: str, code: str, url: str) -> None:
    async with http_client(url) as client:
        try:
            public_key = (await client.get("/api/v1/receipt-key")).raise_for_status().json()["public_key"]
            status = await client.get(f"/api/v1/submissions/{code}")
        except httpx.HTTPError as error:
            fail(UNREACHABLE, f"{url} does not answer ({type(error).__name__})")
        except (ValueError, KeyError, TypeError):
            fail(UNREACHABLE, f"what answers at {url} is not Ykien")
    payload = {name: value for name, value in document.items() if name != "signature"}
    if not signing.verify(public_key, payload, signature):
        _no("signature: wrong")
    print("signature: good")
    if status.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        fail(UNREACHABLE, problem_text(status))
    if status.status_code != httpx.codes.OK:
        _no("submission: not found")
    print(f"submission: {status.json()['status']}")


def _no(answer: str) -> NoReturn:
    print(answer)
    raise typer.Exit(NO)
