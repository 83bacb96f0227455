"""Random operations on an engine and on the oracle: every answer is equal, at every step."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shared.store.port import After, Change, Delete, Document, DocumentStore, Index, Key, Merge
from tests.support.memory_store import MemoryStore
from tests.support.store_engines import COLLECTIONS, FACTS, NAMES, OTHERS, opened

# Every step on Motor is several round trips, so it gets fewer examples; SQLite is where the search is wide.
EXAMPLES = {"sqlite": 120, "motor": 30}

_ids = st.sampled_from(["a", "b", "é", "\uffff", "😀"])
_kinds: st.SearchStrategy[Key] = st.sampled_from([None, "", "x", "Ă", "\uffff", "😀"])
_numbers: st.SearchStrategy[Key] = st.sampled_from([None, -1, 0, 1, 2**31, 2**53])
_flags: st.SearchStrategy[Key] = st.sampled_from([None, True, False])
_keys = {"kind": _kinds, "n": _numbers, "flag": _flags}
_docs: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {}, optional={**_keys, "rest": st.sampled_from([None, {"x": None}, [1, True, "Đ"], 0.5, "chữ"])}
)
_collections = st.sampled_from(COLLECTIONS)
_changes: st.SearchStrategy[list[Change]] = st.lists(
    st.one_of(st.builds(Merge, _collections, _ids, _docs), st.builds(Delete, _collections, _ids)), max_size=6
)


class StoreMachine(RuleBasedStateMachine):
    """Holds one engine against the oracle; `run` drives the engine's event loop."""

    store: DocumentStore
    run: Callable[[Coroutine[Any, Any, Any]], Any]

    def __init__(self) -> None:
        super().__init__()
        self.oracle = MemoryStore()
        self.run(self.store.clear(COLLECTIONS, NAMES))

    def same(self, ask: Callable[[DocumentStore], Coroutine[Any, Any, Any]]) -> Any:
        """Asks both; `repr` too, as True == 1 in Python but not in a document."""
        expected, answer = self.run(ask(self.oracle)), self.run(ask(self.store))
        assert answer == expected
        return answer

    @initialize(docs=st.dictionaries(_ids, _docs))
    def begin_with_some(self, docs: dict[str, Document]) -> None:
        self.same(lambda store: store.insert_many_once(FACTS, docs))

    @rule(collection=_collections, id_=_ids, doc=_docs)
    def insert_once(self, collection: Any, id_: str, doc: Document) -> None:
        self.same(lambda store: store.insert_once(collection, id_, doc))

    @rule(docs=st.dictionaries(_ids, _docs))
    def insert_many_once(self, docs: dict[str, Document]) -> None:
        self.same(lambda store: store.insert_many_once(FACTS, docs))

    @rule(id_=_ids, version=st.integers(0, 4), doc=_docs)
    def replace_if(self, id_: str, version: int, doc: Document) -> None:
        self.same(lambda store: store.replace_if(FACTS, id_, version, doc))

    @rule(name=st.sampled_from(NAMES), position=st.integers(1, 2**53), changes=_changes)
    def apply(self, name: str, position: int, changes: list[Change]) -> None:
        self.same(lambda store: store.apply(name, position, changes))
        self.same(lambda store: store.position(name))

    @rule(collection=_collections, id_=_ids)
    def delete(self, collection: Any, id_: str) -> None:
        self.same(lambda store: store.delete(collection, id_))

    @rule()
    def clear_some(self) -> None:
        self.same(lambda store: store.clear([OTHERS], NAMES[:1]))

    @rule(data=st.data(), limit=st.integers(1, 6))
    def scan(self, data: st.DataObject, limit: int) -> None:
        index, where = self._under(data)
        low = high = None
        if len(where) < len(index.fields):
            bounds = _keys[index.fields[len(where)]]
            low, high = data.draw(bounds), data.draw(bounds)
        self._whole_scan(index, where, low, high, limit)

    @rule(data=st.data())
    def count_by(self, data: st.DataObject) -> None:
        index, where = self._under(data)
        depth = data.draw(st.integers(0, len(index.fields) - len(where)))
        self.same(lambda store: store.count_by(FACTS, index.name, where=where, depth=depth))

    @invariant()
    def everything_is_equal(self) -> None:
        documents = self.same(lambda store: store.get_many(FACTS, ["a", "b", "é", "\uffff", "😀"]))
        truths = {repr(stored.doc.get("flag")) for stored in documents.values()}
        assert truths <= {"None", "True", "False"}

    def _under(self, data: st.DataObject) -> tuple[Index, tuple[Key, ...]]:
        index = data.draw(st.sampled_from(FACTS.indexes))
        length = data.draw(st.integers(0, len(index.fields)))
        return index, tuple(data.draw(_keys[field]) for field in index.fields[:length])

    def _whole_scan(self, index: Index, where: tuple[Key, ...], low: Key, high: Key, limit: int) -> None:
        after: After | None = None
        while True:
            ask = partial(_scan, index=index.name, where=where, low=low, high=high, after=after, limit=limit)
            after = self.same(ask).next
            if after is None:
                return


def _scan(store: DocumentStore, **arguments: Any) -> Coroutine[Any, Any, Any]:
    return store.scan(FACTS, **arguments)


@pytest.mark.parametrize("engine", list(EXAMPLES))
def test_an_engine_answers_as_the_oracle_does(engine: str, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        context = opened(engine, tmp_path)
        store = runner.run(context.__aenter__())
        try:
            machine = type("Machine", (StoreMachine,), {"store": store, "run": staticmethod(runner.run)})
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES[engine],
                    stateful_step_count=25,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    database=None,
                ),
            )
        finally:
            runner.run(context.__aexit__(None, None, None))
