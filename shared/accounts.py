"""Accounts of people who work with the system: an id that is no name, what it may do, and the hash of its password.

They stand in a key-value bucket, so that a new account or a revoked one counts in every replica within seconds.
"""

import hashlib
import re
from functools import cache
from typing import Annotated, Literal

import nats.errors
import structlog
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError, NoKeysError
from nats.js.kv import KV_DEL, KV_PURGE, KeyValue
from pydantic import AwareDatetime, Field, ValidationError

from shared import topology
from shared.bucket_watch import BucketWatch
from shared.errors import Permanent, Transient
from shared.events import Frozen

log = structlog.get_logger()

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
AccountId = Annotated[str, Field(pattern=_ID, max_length=40)]
Role = Literal["reviewer"]


class Account(Frozen):
    """One account; `id` names a desk (tham-dinh-1), never a person."""

    id: AccountId
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


async def read(js: JetStreamContext, id_: str) -> tuple[Account, int] | None:
    """The record and its revision; None when there is none. Raises AccountError, Transient."""
    if not re.fullmatch(_ID, id_):  # also what no key of a bucket may be
        return None
    try:
        entry = await (await _bucket(js)).get(id_)
    except KeyNotFoundError:
        return None
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error
    return decode(entry.value or b""), entry.revision or 0


async def read_all(js: JetStreamContext) -> list[Account]:
    """Every record, by id. Raises AccountError, Transient."""
    try:
        ids = await (await _bucket(js)).keys()
    except NoKeysError:
        return []
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error
    found = [await read(js, id_) for id_ in sorted(ids)]
    return [one[0] for one in found if one is not None]


async def write(js: JetStreamContext, account: Account, revision: int | None) -> None:
    """Writes over that revision, or anew with None. Raises AccountError when another was faster, Transient."""
    bucket = await _bucket(js)
    body = account.model_dump_json().encode()
    try:
        if revision is None:
            await bucket.create(account.id, body)
        else:
            await bucket.update(account.id, body, last=revision)
    except KeyWrongLastSequenceError as error:
        raise AccountError(f"account {account.id} was changed by somebody else just now; look at it again") from error
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error


def decode(value: bytes) -> Account:
    """The record as it stands in the bucket. Raises AccountError."""
    try:
        return Account.model_validate_json(value)
    except ValidationError as error:
        raise AccountError(f"an account's record is of no known form ({error.error_count()} faults)") from error


async def _bucket(js: JetStreamContext) -> KeyValue:
    try:
        return await js.key_value(topology.ACCOUNTS_BUCKET)
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error


def _away(error: Exception) -> Transient:
    return Transient(f"the accounts' bucket does not answer ({type(error).__name__})")
