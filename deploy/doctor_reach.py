"""What `ykien doctor` asks of those the channels talk to: mail servers, our own listener, key servers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from pydantic import BaseModel

from deploy.finding import Finding
from services.ingest.channels.email.imap_errors import CommandRefused, LoginRefused, MailboxAway
from services.ingest.channels.email.imap_session import Session
from services.ingest.channels.email.settings import EmailSettings, Listener, Mailbox
from services.ingest.channels.vneid import keys as jwk_sets
from services.ingest.channels.vneid.settings import Issuer, VneidSettings
from shared.errors import Permanent

TIMEOUT_S = 3.0


async def others(folder: Path, settings: dict[str, BaseModel], *, runs: bool) -> AsyncIterator[Finding]:
    """One finding for each. `runs`: our listener should answer."""
    email, vneid = settings.get("email.yaml"), settings.get("vneid.yaml")
    if isinstance(email, EmailSettings):
        for box in email.mailboxes:
            yield await asyncio.to_thread(_mailbox, box, folder)
        if email.listener is not None:
            yield await _listener(email.listener, runs=runs)
    if isinstance(vneid, VneidSettings):
        for issuer in vneid.issuers:
            yield await _keys(issuer, folder)


def _mailbox(box: Mailbox, folder: Path) -> Finding:
    """Logs in and opens the folders as the service does; reads no mail."""
    host, port = box.at
    where = f"mailbox {box.id} at {host}:{port}"
    try:
        Session(box, folder).close()
    except LoginRefused:
        return Finding("fault", f"{where}: the server refused the login", f"check user, auth and {box.secret_file}")
    except MailboxAway as error:
        return Finding("away", f"{where} does not answer ({error})", "check host, port, security and ca_file")
    except (CommandRefused, Permanent) as error:
        return Finding("fault", f"{where}: {error}", "check folder, done_folder and the secret")
    return Finding("ok", where)


async def _listener(listener: Listener, *, runs: bool) -> Finding:
    host, port = listener.at
    where = f"mail listener {listener.listen}"
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    try:
        async with asyncio.timeout(TIMEOUT_S):
            reader, writer = await asyncio.open_connection(target, port)
    except (OSError, TimeoutError):
        if runs:
            mend = "see DATA/logs/ingest-1.log; was the system started after the change?"
            return Finding("away", f"{where} does not answer", mend)
        return Finding("ok", f"{where}: the port is free")
    try:
        async with asyncio.timeout(TIMEOUT_S):
            greeting = await reader.readline()
    except (OSError, TimeoutError):
        greeting = b""
    writer.close()
    if runs and greeting.startswith(b"220 " + listener.hostname.encode()):
        return Finding("ok", where)
    mend = "end that program or choose another port in `listen`"
    return Finding("fault", f"{where}: another program has this port", mend)


async def _keys(issuer: Issuer, folder: Path) -> Finding:
    try:
        if issuer.jwks_file is not None:
            where = f"keys of {issuer.id} in {issuer.jwks_file}"
            data = (folder / issuer.jwks_file).read_bytes()
        else:
            where = f"keys of {issuer.id} at {issuer.jwks_url}"
            async with httpx.AsyncClient(trust_env=False, proxy=issuer.proxy, timeout=TIMEOUT_S) as client:
                data = (await client.get(issuer.jwks_url or "")).raise_for_status().content
        keys = jwk_sets.read(data)
    except httpx.HTTPError as error:
        return Finding("away", f"{where}: {type(error).__name__}", "check jwks_url and proxy; the last good keys go on")
    except OSError as error:
        return Finding("fault", f"{where}: {error.strerror}", "put the issuer's JWK set there")
    except jwk_sets.UnusableKeys as error:
        return Finding("fault", f"{where}: {error}", "the issuer must publish a JWK set with usable keys")
    return Finding("ok", f"{where}: {len(keys)}")
