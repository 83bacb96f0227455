"""Records of one form in a key-value bucket, read by id and written by compare-and-set: accounts, partners."""

import re
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import nats.errors
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError, NoKeysError
from nats.js.kv import KeyValue
from pydantic import Field, ValidationError

from shared.errors import Permanent, Transient
from shared.events import Frozen

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_AWAY = (nats.errors.Error, TimeoutError, OSError)


class Record(Frozen):
    """What stands in the bucket under its id: a short name in small letters, digits and hyphens."""

    id: Annotated[str, Field(pattern=ID_PATTERN, max_length=40)]


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Records(Generic[R]):
    """The bucket's records; `form` is their model, `noun` what errors call one, `fault` the error for a record that cannot be used."""

    bucket: str
    form: type[R]
    noun: str
    fault: type[Permanent]

    async def read(self, js: JetStreamContext, id_: str) -> tuple[R, int] | None:
        """The record and its revision; None when there is none. Raises `fault`, Transient."""
        if not re.fullmatch(ID_PATTERN, id_):  # also what no key of a bucket may be
            return None
        bucket = await self._bucket(js)
        try:
            entry = await bucket.get(id_)
        except KeyNotFoundError:
            return None
        except _AWAY as error:
            raise self._away(error) from error
        return self.decode(entry.value or b""), entry.revision or 0

    async def read_all(self, js: JetStreamContext) -> list[R]:
        """Every record, by id. Raises `fault`, Transient."""
        bucket = await self._bucket(js)
        try:
            ids = await bucket.keys()
        except NoKeysError:
            return []
        except _AWAY as error:
            raise self._away(error) from error
        found = [await self.read(js, id_) for id_ in sorted(ids)]
        return [one[0] for one in found if one is not None]

    async def write(self, js: JetStreamContext, record: R, revision: int | None) -> None:
        """Writes over that revision, or anew with None. Raises `fault` when another was faster, Transient."""
        bucket = await self._bucket(js)
        body = record.model_dump_json().encode()
        try:
            if revision is None:
                await bucket.create(record.id, body)
            else:
                await bucket.update(record.id, body, last=revision)
        except KeyWrongLastSequenceError as error:
            raise self.fault(
                f"{self.noun} {record.id} was changed by somebody else just now; look at it again"
            ) from error
        except _AWAY as error:
            raise self._away(error) from error

    def decode(self, value: bytes) -> R:
        """The record as it stands in the bucket. Raises `fault`."""
        try:
            return self.form.model_validate_json(value)
        except ValidationError as error:
            raise self.fault(
                f"the record of the {self.noun} is of no known form ({error.error_count()} faults)"
            ) from error

    async def _bucket(self, js: JetStreamContext) -> KeyValue:
        try:
            return await js.key_value(self.bucket)
        except _AWAY as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> Transient:
        return Transient(f"the bucket {self.bucket} does not answer ({type(error).__name__})")
