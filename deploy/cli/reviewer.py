"""`ykien reviewer`: who reads what the classifier is not sure of. Takes effect in every replica within seconds, no restart."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from argon2 import PasswordHasher
from pydantic import ValidationError

from deploy.cli.common import BAD_INPUT, Data, bus_connection, bus_url, console, fail
from deploy.secrets import easy_password
from shared import accounts
from shared.accounts import Account, AccountError
from shared.clock import utc_now

app = typer.Typer(help="Reviewers' accounts: add them, list them, shut them out.", no_args_is_help=True)
AccountId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="A desk, e.g. tham-dinh-1: small letters, digits, hyphens. Never a person's name."
    ),
]
ROLE = "reviewer"


@app.command()
def add(id_: AccountId, data: Data = None) -> None:
    """Add a reviewer and print the password, once. A revoked account comes back with a new password."""
    password = easy_password()
    try:
        new = Account(id=id_, roles=(ROLE,), password_hash=PasswordHasher().hash(password), created_at=utc_now())
    except ValidationError:
        fail(BAD_INPUT, f"{id_!r} is no account id: small letters, digits and hyphens, at most 40, e.g. tham-dinh-1")

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream(timeout=20)
            held = await accounts.read(js, id_)
            if held is not None and not held[0].revoked:
                raise AccountError(f"there is an account {id_} already; for a new password revoke it first")
            await accounts.write(js, new, held[1] if held is not None else None)

    asyncio.run(run())
    print(f"account: {id_}")
    print(f"password: {password}")
    console.print("Shown only now: hand it over by a safe way. The page is /tham-dinh.", style="dim")


@app.command()
def revoke(id_: AccountId, data: Data = None) -> None:
    """End an account and its sessions within seconds; the reviews it made stay."""
    _change(id_, data, lambda account: account.model_copy(update={"revoked": True}))
    print(f"revoked: {id_}")


@app.command("list")
def list_(data: Data = None) -> None:
    """List the accounts as tab-separated lines: id, state, since when. No password is kept that could be shown."""

    async def run() -> list[Account]:
        async with bus_connection(bus_url(data)) as connection:
            return await accounts.read_all(connection.jetstream(timeout=20))

    found = [account for account in asyncio.run(run()) if ROLE in account.roles]
    for account in found:
        print(
            "\t".join((account.id, "revoked" if account.revoked else "works", f"{account.created_at:%Y-%m-%d %H:%M}Z"))
        )
    print(f"reviewers: {len(found)}")


def _change(id_: str, data: Path | None, rule: Callable[[Account], Account]) -> None:
    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream(timeout=20)
            held = await accounts.read(js, id_)
            if held is None:
                raise AccountError(f"there is no account {id_}; see: ykien reviewer list")
            await accounts.write(js, rule(held[0]), held[1])

    asyncio.run(run())
