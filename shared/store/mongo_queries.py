"""MongoDB filters and pipelines as pure functions over plain dicts, using only what every server we know of can do.

A document lies as `{_id, v: version, d: {the fields}}`, so no field of ours can meet `_id` or the version.
Top-level fields are never null (see `changes.cleaned`), so `None` as a key always means "missing".
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.store.changes import Plan
from shared.store.port import After, Document, Index, Key, Stored

Filter = dict[str, Any]


def path(field: str) -> str:
    """Where a field of the document lies."""
    return f"d.{field}"


def keys(index: Index) -> list[tuple[str, int]]:
    """The index's order; the id is the last tie-breaker."""
    return [*((path(field), 1) for field in index.fields), ("_id", 1)]


def stored(row: Mapping[str, Any]) -> Stored:
    """The document of a row, with plain Python integers (BSON's 64-bit ones are a subclass)."""
    return Stored(id=row["_id"], version=int(row["v"]), doc=_plain(row.get("d", {})))


def equal(index: Index, where: Sequence[Key]) -> Filter:
    """Leading fields equal these keys. Equality with None also holds for a missing field."""
    return {path(field): key for field, key in zip(index.fields, where, strict=False)}


def scan(index: Index, where: Sequence[Key], low: Key, high: Key, after: After | None) -> Filter:
    """The filter of one keyset page."""
    tests: list[Filter] = [equal(index, where)] if where else []
    rest = index.fields[len(where) :]
    if after is not None and rest and after.values[len(where)] is not None:
        low = after.values[len(where)]  # a plain lower bound for the index; the exact place is in the $or below
    if low is not None:
        tests.append({path(rest[0]): {"$gte": low}})
    if high is not None:
        tests.append({path(rest[0]): {"$lt": high}})
    if after is not None:
        tests.append(_behind(rest, after.values[len(where) :], after.id))
    return {"$and": tests} if tests else {}


def _behind(fields: Sequence[str], values: Sequence[Key], id_: str) -> Filter:
    """Rows after (values, id) in index order: first field greater, or equal and the next one greater, and so on."""
    ways: list[Filter] = []
    same: Filter = {}
    for field, value in zip(fields, values, strict=True):
        # Comparison stays within a type: what follows "missing" is everything that is there.
        ways.append({**same, path(field): {"$exists": True} if value is None else {"$gt": value}})
        same[path(field)] = value
    ways.append({**same, "_id": {"$gt": id_}})
    return {"$or": ways}


def count(index: Index, where: Sequence[Key], depth: int) -> list[dict[str, Any]]:
    """The pipeline of a grouped count; rows of `{_id: {k0, k1, ...}, n}`."""
    fields = index.fields[len(where) : len(where) + depth]
    group = {f"k{place}": f"${path(field)}" for place, field in enumerate(fields)}
    return [{"$match": equal(index, where)}, {"$group": {"_id": group, "n": {"$sum": 1}}}]


def counted(row: Mapping[str, Any], depth: int) -> tuple[Key, ...]:
    """The keys a row of `count` stands for."""
    return tuple(_plain(row["_id"].get(f"k{place}")) for place in range(depth))


def update(plan: Plan) -> dict[str, Any]:
    """The update that carries out a plan which does not erase."""
    put = {path(name): value for name, value in plan.fields.items() if value is not None}
    drop = {path(name): "" for name, value in plan.fields.items() if value is None}
    parts: dict[str, Document] = {"$set": {**put}, "$unset": {**drop}}
    return {"$inc": {"v": plan.merges}, **{operator: fields for operator, fields in parts.items() if fields}}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
