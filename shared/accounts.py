"""Accounts of people who work with the system: an id that is no name, what it may do, and the hash of its password.

They stand in a key-value bucket, so that a new account or a revoked one counts in every replica within seconds.
"""

import hashlib
from functools import cache
from typing import Literal

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from nats.js import JetStreamContext
from nats.js.kv import KV_DEL, KV_PURGE, KeyValue
from pydantic import AwareDatetime, Field

from shared import topology
from shared.bucket_records import Record, Records
from shared.bucket_watch import BucketWatch
from shared.errors import Permanent

log = structlog.get_logger()

Role = Literal["reviewer"]


class Account(Record):
    """One account; `id` names a desk (tham-dinh-1), never a person."""

    roles: tuple[Role, ...] = Field(min_length=1)
    password_hash: str = Field(description="argon2id")
    created_at: AwareDatetime
    revoked: bool = False

    @property
    def stamp(self) -> str:
        """Stands in every session: a new password ends the sessions of the old one."""
        return hashlib.sha256(self.password_hash.encode()).hexdigest()[:16]


class AccountError(Permanent):
    """The record is missing, there already, or of no known form."""


def password_matches(account: Account | None, password: str) -> bool:
    """Costs some 50 ms and 64 MB on purpose, for an account that is not there too; call it off the event loop."""
    try:
        right = PasswordHasher().verify(account.password_hash if account else _nobody(), password[:1024])
    except VerificationError:
        return False
    return right and account is not None and not account.revoked


@cache
def _nobody() -> str:
    """Verified when there is no account of a name: an answer must take as long for it as for one that is there."""
    return PasswordHasher().hash("khong-co-tai-khoan-nay")


class Accounts:
    """Who there is; reading never waits."""

    def __init__(self, js: JetStreamContext) -> None:
        self._known: dict[str, Account] = {}
        self._watch = BucketWatch(js, topology.ACCOUNTS_BUCKET, self._take)

    def get(self, id_: str, role: Role) -> Account | None:
        """The account of that id, if it may act in that role now."""
        found = self._known.get(id_)
        return found if found is not None and not found.revoked and role in found.roles else None

    def ids(self) -> tuple[str, ...]:
        """All ids there have been, revoked ones too."""
        return tuple(sorted(self._known))

    async def loaded(self) -> None:
        """Returns when everything that stands in the bucket is known here."""
        await self._watch.loaded.wait()

    async def run(self) -> None:
        """Follows the bucket without end, across restarts of the server."""
        await self._watch.run()

    def _take(self, entry: KeyValue.Entry) -> None:
        if entry.operation in (KV_DEL, KV_PURGE):
            self._known.pop(entry.key, None)
            return
        try:
            self._known[entry.key] = decode(entry.value or b"")
        except AccountError:
            # Not the last good one: a record nobody can read must let nobody in.
            self._known.pop(entry.key, None)
            log.error("an account's record is of no known form", account=entry.key)  # noqa: TRY400 - it holds a hash


_RECORDS = Records(topology.ACCOUNTS_BUCKET, Account, "account", AccountError)
read, read_all, write, decode = _RECORDS.read, _RECORDS.read_all, _RECORDS.write, _RECORDS.decode
