"""The SQL of the embedded engine, as pure functions. Names come from checked declarations, values are always bound."""

# ruff: noqa: S608
from collections.abc import Sequence

from shared.store.port import After, Collection, Index, Key
from shared.store.sqlite_schema import Column, columns, table, to_column

Query = tuple[str, list[Column]]

PING = "SELECT count(*) FROM positions"
POSITION = "SELECT position FROM positions WHERE name = ?"
FORGET = "DELETE FROM positions WHERE name = ?"
MOVE = (
    "INSERT INTO positions VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET position = max(position, excluded.position)"
)


def insert(collection: Collection) -> str:
    """Binds id and text; changes nothing when the id is there."""
    return f"INSERT INTO {table(collection)} (id, version, doc) VALUES (?, 1, ?) ON CONFLICT (id) DO NOTHING"


def upsert(collection: Collection) -> str:
    """Binds id, version and text."""
    return (
        f"INSERT INTO {table(collection)} (id, version, doc) VALUES (?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET version = excluded.version, doc = excluded.doc"
    )


def replace(collection: Collection) -> str:
    """Binds text, id and the version it must have."""
    return f"UPDATE {table(collection)} SET version = version + 1, doc = ? WHERE id = ? AND version = ?"


def delete(collection: Collection) -> str:
    """Binds id."""
    return f"DELETE FROM {table(collection)} WHERE id = ?"


def empty(collection: Collection) -> str:
    """Removes every document."""
    return f"DELETE FROM {table(collection)}"


def select(collection: Collection) -> str:
    """Binds a JSON list of ids; rows of id, version, text."""
    return f"SELECT id, version, doc FROM {table(collection)} WHERE id IN (SELECT value FROM json_each(?))"


def present(collection: Collection) -> str:
    """Binds a JSON list of ids; rows of id."""
    return f"SELECT id FROM {table(collection)} WHERE id IN (SELECT value FROM json_each(?))"


def scan(
    collection: Collection, index: Index, where: Sequence[Key], low: Key, high: Key, after: After | None, limit: int
) -> Query:
    """Rows of id, version, text along the index."""
    order = columns(index)
    rest = order[len(where) :]
    tests = [f"{name} = ?" for name in order[: len(where)]]
    keys: list[Key] = [*where]
    if after is not None and high is not None:
        low = after.values[len(where)]  # or every page would walk again from where the first one began
    if high is not None:
        # A document without the field lies in no bounded range, as on MongoDB.
        tests.extend((f"{rest[0]} {'>' if low is None else '>='} ?", f"{rest[0]} < ?"))
        keys.extend((low, high))
    elif low is not None and after is None:
        tests.append(f"{rest[0]} >= ?")
        keys.append(low)
    if after is not None:
        tests.append(f"({', '.join([*rest, 'id'])}) > ({', '.join('?' * (len(rest) + 1))})")
        keys.extend((*after.values[len(where) :], after.id))
    sql = (
        f"SELECT id, version, doc FROM {table(collection)} WHERE {' AND '.join(tests) or 'TRUE'} "
        f"ORDER BY {', '.join([*order, 'id'])} LIMIT {limit}"
    )
    return sql, [to_column(key) for key in keys]


def count(collection: Collection, index: Index, where: Sequence[Key], depth: int) -> Query:
    """Rows of a count and the `depth` keys it stands for; answered from the index alone."""
    order = columns(index)
    tests = " AND ".join(f"{name} = ?" for name in order[: len(where)]) or "TRUE"
    groups = ", ".join(order[len(where) : len(where) + depth])
    sql = f"SELECT count(*){', ' + groups if depth else ''} FROM {table(collection)} WHERE {tests}"
    return sql + (f" GROUP BY {groups}" if depth else ""), [to_column(key) for key in where]
