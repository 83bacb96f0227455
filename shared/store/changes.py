"""The rules every engine shares: what a document may look like and what a sequence of changes comes to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.store.port import After, Change, Collection, Delete, Document, Index, Json, Key, Stored

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")


@dataclass
class Plan:
    """What changes to one document come to: `erase` it first, then set `fields` (None: unset) in `merges` steps."""

    erase: bool = False
    merges: int = 0
    fields: Document = field(default_factory=dict)


def coalesce(changes: Sequence[Change]) -> dict[str, dict[str, Plan]]:
    """One plan per document, by collection name and id; carried out in any order it equals the changes in theirs."""
    plans: dict[str, dict[str, Plan]] = {}
    for change in changes:
        ours = plans.setdefault(change.collection.name, {})
        if isinstance(change, Delete):
            ours[change.id] = Plan(erase=True)
            continue
        check_fields(change.fields)
        plan = ours.setdefault(change.id, Plan())
        plan.merges += 1
        plan.fields.update(change.fields)
    return plans


def merged(doc: Document, fields: Document) -> Document:
    """`doc` with these top-level fields set; a field set to None is gone."""
    return {name: value for name, value in {**doc, **fields}.items() if value is not None}


def cleaned(doc: Document) -> Document:
    """`doc` as engines store it: without top-level fields that are None. Raises ValueError for a bad field name."""
    check_fields(doc)
    return merged(doc, {})


def check_fields(fields: Mapping[str, Json]) -> None:
    """Raises ValueError for a top-level name some engine would read as an operator or a path."""
    for name in fields:
        if not name or name.startswith("$") or "." in name or "\0" in name:
            raise ValueError(f"{name!r} cannot be a top-level field name")


def check_collections(collections: Sequence[Collection]) -> None:
    """Raises ValueError when a collection or an indexed field has a name that cannot stand in every engine's schema."""
    for collection in collections:
        for name in (collection.name, *(f for index in collection.indexes for f in index.fields)):
            if not _NAME.fullmatch(name):
                raise ValueError(f"collection {collection.name}: {name!r} is not a plain ASCII identifier")


def check_range(index: Index, where: Sequence[Key], low: Key, high: Key, limit: int) -> None:
    """Raises ValueError when a scan asks for more than the index orders."""
    if len(where) > len(index.fields):
        raise ValueError(f"index {index.name} has {len(index.fields)} fields, {len(where)} values were given")
    if (low is not None or high is not None) and len(where) == len(index.fields):
        raise ValueError(f"index {index.name} has no field left for low and high")
    if limit < 1:
        raise ValueError(f"limit {limit} asks for nothing")


def check_depth(index: Index, where: Sequence[Key], depth: int) -> None:
    """Raises ValueError when a count asks for more fields than the index has."""
    if depth < 0 or len(where) + depth > len(index.fields):
        raise ValueError(f"index {index.name} has {len(index.fields)} fields, {len(where)} + {depth} were asked for")


def following(index: Index, last: Stored) -> After:
    """Where a scan over `index` goes on behind this document. Raises TypeError when an indexed field is no key."""
    values: list[Key] = []
    for name in index.fields:
        value = last.doc.get(name)
        if not isinstance(value, str | int | None):
            raise TypeError(f"document {last.id}: field {name} of index {index.name} is not a text, integer or boolean")
        values.append(value)
    return After(values=tuple(values), id=last.id)
