"""How documents lie in SQLite: JSON text, and one virtual column per indexed field whose order is the port's order.

Column values sort None < integers < texts by code point < booleans, the order MongoDB keeps too. Missing is stored as
minus infinity (JSON has none), so no key is NULL and row values compare; booleans are one-byte blobs and stay booleans.
"""

import math
from collections.abc import Iterator

from shared.store.port import Collection, Index, Key

Column = float | int | str | bytes
_MISSING = -math.inf
_EXPRESSION = (
    "(CASE json_type(doc, '$.\"{field}\"') WHEN 'true' THEN x'01' WHEN 'false' THEN x'00' "
    "ELSE ifnull(json_extract(doc, '$.\"{field}\"'), -9e999) END)"
)

POSITIONS = "CREATE TABLE IF NOT EXISTS positions (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID"


def table(collection: Collection) -> str:
    """The quoted table of the collection (prefixed, so no collection can meet `positions`)."""
    return f'"doc_{collection.name}"'


def column(field: str) -> str:
    """The quoted virtual column holding the key of the field."""
    return f'"key_{field}"'


def columns(index: Index) -> list[str]:
    """The virtual columns of an index in its order."""
    return [column(field) for field in index.fields]


def create_table(collection: Collection) -> str:
    """The statement that creates the collection's table when it is not there."""
    held = "id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, doc TEXT NOT NULL"
    return f"CREATE TABLE IF NOT EXISTS {table(collection)} ({held})"


def upgrades(collection: Collection, present: set[str]) -> Iterator[str]:
    """The statements that add columns (those not in `present`) and indexes the collection has gained."""
    for field in dict.fromkeys(f for index in collection.indexes for f in index.fields):
        if f"key_{field}" not in present:
            expression = _EXPRESSION.format(field=field)
            yield f"ALTER TABLE {table(collection)} ADD COLUMN {column(field)} GENERATED ALWAYS AS {expression} VIRTUAL"
    for index in collection.indexes:
        if index.fields:
            # Named by its fields: an index whose definition changes is a new one, never a stale one under an old name.
            name = f'"ix_{collection.name}__{"__".join(index.fields)}"'
            yield f"CREATE INDEX IF NOT EXISTS {name} ON {table(collection)} ({', '.join([*columns(index), 'id'])})"


def to_column(key: Key) -> Column:
    """The key as a virtual column holds it."""
    if key is None:
        return _MISSING
    if isinstance(key, bool):
        return b"\x01" if key else b"\x00"
    return key


def from_column(value: Column) -> Key:
    """The key a virtual column stands for."""
    if isinstance(value, bytes):
        return value == b"\x01"
    if isinstance(value, float):
        return None if value == _MISSING else int(value)
    return value
