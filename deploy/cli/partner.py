"""`ykien partner`: who may send for others, and by which keys. Takes effect in every replica within seconds, no restart."""

import asyncio
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from nats.js import JetStreamContext
from nats.js.errors import NoKeysError
from pydantic import ValidationError

from deploy import partners as rules
from deploy.cli.common import BAD_INPUT, Data, bus_connection, bus_url, console, fail
from deploy.embedded.layout import Layout, running
from shared import partners, topology
from shared.clock import utc_now
from shared.partner_keys import Issued, issue
from shared.partners import Partner, PartnerError
from shared.settings import SettingsError, read_secret

app = typer.Typer(help="Partner apps: add them, change their keys, shut them out.", no_args_is_help=True)
PartnerId = Annotated[str, typer.Argument(metavar="ID", help="Short name in the URL, e.g. dien-bien-smart.")]


@app.command()
def add(
    id_: PartnerId,
    name: Annotated[str, typer.Option("--name", help="Full name, for people.")],
    consultation: Annotated[list[str], typer.Option("--consultation", help="What it may send to; may be repeated.")],
    per_minute: Annotated[int, typer.Option("--per-minute", min=1, help="Submissions per minute.")] = 600,
    per_day: Annotated[int, typer.Option("--per-day", min=1, help="Submissions per day.")] = 100_000,
    channel: Annotated[
        str, typer.Option("--channel", help="The consultation's channel it is counted under.")
    ] = "partner",
    data: Data = None,
) -> None:
    """Add a partner and print its first key, once."""
    issued = _issue(id_, data)
    try:
        new = Partner(
            id=id_,
            name=name,
            consultations=tuple(consultation),
            channel=channel,
            per_minute=per_minute,
            per_day=per_day,
            keys=(issued.key,),
        )
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        fail(BAD_INPUT, "; ".join(f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in faults))

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream(timeout=20)
            if await partners.read(js, id_) is not None:
                raise PartnerError(f"there is a partner {id_} already; for another key: ykien partner rotate {id_}")
            await partners.write(js, new, None)
            await _warn_of_unknown(js, new)

    asyncio.run(run())
    _show(issued)


async def _warn_of_unknown(js: JetStreamContext, partner: Partner) -> None:
    """A consultation may be published later, but a misspelt one never is."""
    try:
        published = set(await (await js.key_value(topology.CONSULTATIONS_BUCKET)).keys())
    except NoKeysError:
        published = set()
    for name in partner.consultations:
        if name not in published:
            known = ", ".join(sorted(published)) or "none"
            console.print(f"ykien: consultation {name} is not published here (there are: {known})", style="yellow")


@app.command()
def rotate(
    id_: PartnerId,
    grace: Annotated[float, typer.Option("--grace", min=0, help="Hours the former keys go on working.")] = 168,
    data: Data = None,
) -> None:
    """Print a new key, once; it works at once, the former ones until the grace ends."""
    issued = _issue(id_, data)
    _change(id_, data, lambda found, now: rules.rotated(found, issued.key, now, timedelta(hours=grace)))
    _show(issued)


@app.command()
def revoke(
    id_: PartnerId,
    key: Annotated[str | None, typer.Option("--key", help="Only this key (its id); default: every key.")] = None,
    data: Data = None,
) -> None:
    """End keys at once. Without a working key a partner is shut out; what it sent stays."""
    _change(id_, data, lambda found, now: rules.revoked(found, key, now))
    print(f"revoked: {id_} {key or 'every key'}")


@app.command("list")
def list_(data: Data = None) -> None:
    """List partners and their keys as tab-separated lines; no secret is kept that could be shown."""

    async def run() -> list[Partner]:
        async with bus_connection(bus_url(data)) as connection:
            return await partners.read_all(connection.jetstream(timeout=20))

    found = asyncio.run(run())
    now = utc_now()
    for one in found:
        sends_to, quota = ",".join(one.consultations), f"{one.per_minute}/min {one.per_day}/day"
        print("\t".join((one.id, one.name, sends_to, one.channel, quota)))
        for key in one.keys:
            state = "revoked" if key.revoked else "works" if rules.working(key, now) else "expired"
            until = f"{key.expires_at:%Y-%m-%d %H:%M}Z" if key.expires_at else "-"
            print("\t".join(("", key.id, state, f"{key.created_at:%Y-%m-%d %H:%M}Z", until)))
    print(f"partners: {len(found)}")


def _change(id_: str, data: Path | None, rule: Callable[[Partner, datetime], Partner]) -> None:
    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream(timeout=20)
            held = await partners.read(js, id_)
            if held is None:
                raise PartnerError(f"there is no partner {id_}; see: ykien partner list")
            await partners.write(js, rule(held[0], utc_now()), held[1])

    asyncio.run(run())


def _issue(id_: str, data: Path | None) -> Issued:
    randomness = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    return issue(id_, secrets.token_hex(6), randomness, utc_now(), _partner_key(data))


def _partner_key(data: Path | None) -> bytes:
    """`YKIEN_PARTNER_KEY_FILE`, else the key of the embedded system running here."""
    found = running(data=data)
    path = os.environ.get("YKIEN_PARTNER_KEY_FILE")
    if path is None and found is None and data is None:
        fail(BAD_INPUT, "partner.key is not at hand; name the data folder (--data) or set YKIEN_PARTNER_KEY_FILE")
    folder = Path(found.data) if found else data or Path()
    try:
        return bytes.fromhex(read_secret(Path(path) if path else Layout(folder).secrets / "partner.key").decode())
    except (SettingsError, ValueError) as error:
        fail(BAD_INPUT, f"partner.key: {error}")


def _show(issued: Issued) -> None:
    print(f"key-id: {issued.key.id}")
    print(f"api-key: {issued.api_key}")
    print(f"signing-secret: {issued.signing_secret}")
    console.print("Shown only now: hand them over by a safe way. Either one is enough.", style="dim")
