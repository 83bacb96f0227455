"""Every scan and count walks its index, also in the middle of paging: no sort, and no walk from the beginning."""

import sqlite3
from collections.abc import Iterator

import pytest

from shared.store import sqlite_queries as queries
from shared.store import sqlite_schema as schema
from shared.store.port import After, Collection, Index, Key

INDEX = Index("by_a", ("a", "b", "c"))
DOCS = Collection("docs", (INDEX,))
HERE = After(("x", 3, 2), "id")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(schema.create_table(DOCS))
    for statement in schema.upgrades(DOCS, set()):
        connection.execute(statement)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("where", "low", "high", "after", "plan"),
    [
        ((), None, None, None, "SCAN docs USING INDEX"),
        ((), None, None, HERE, "((key_a,key_b,key_c,id)>(?,?,?,?))"),
        (("x",), None, None, HERE, "(key_a=? AND (key_b,key_c,id)>(?,?,?))"),
        (("x",), 1, None, HERE, "(key_a=? AND (key_b,key_c,id)>(?,?,?))"),
        (("x",), 1, 5, None, "(key_a=? AND key_b>? AND key_b<?)"),
        (("x",), 1, 5, HERE, "(key_a=? AND key_b>? AND key_b<?)"),
        (("x", 3, 2), None, None, HERE, "(key_a=? AND key_b=? AND key_c=? AND id>?)"),
    ],
)
def test_a_scan_is_one_walk_along_the_index(
    connection: sqlite3.Connection, where: tuple[Key, ...], low: Key, high: Key, after: After | None, plan: str
) -> None:
    sql, values = queries.scan(DOCS, INDEX, where, low, high, after, 10)
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert len(steps) == 1
    assert plan in steps[0].replace("doc_docs", "docs")


def test_a_bounded_scan_goes_on_from_the_page_before() -> None:
    _, values = queries.scan(DOCS, INDEX, ("x",), 1, 5, HERE, 10)
    assert values == ["x", 3, 5, 3, 2, "id"]


@pytest.mark.parametrize(("where", "depth"), [(("x",), 0), ((), 2), (("x",), 1), (("x", 1), 1)])
def test_a_count_needs_no_sort(connection: sqlite3.Connection, where: tuple[Key, ...], depth: int) -> None:
    sql, values = queries.count(DOCS, INDEX, where, depth)
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert len(steps) == 1
    assert "ix_docs__a__b__c" in steps[0]


@pytest.mark.parametrize("key", [None, "", "Đ", 0, -1, 2**53, True, False])
def test_a_key_survives_its_column(key: Key) -> None:
    back = schema.from_column(schema.to_column(key))
    assert (type(back), back) == (type(key), key)
