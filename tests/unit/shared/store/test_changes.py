"""A run of changes comes to one plan per document."""

import pytest

from shared.store.changes import Plan, check_collections, check_fields, coalesce, following, merged
from shared.store.port import After, Collection, Delete, Index, Merge, Stored

A, B = Collection("a"), Collection("b")


def test_merges_of_one_document_become_one_plan_where_the_last_value_stands() -> None:
    changes = [Merge(A, "x", {"n": 1, "m": 1}), Merge(B, "x", {"n": 5}), Merge(A, "x", {"n": 2, "m": None})]
    assert coalesce(changes) == {
        "a": {"x": Plan(merges=2, fields={"n": 2, "m": None})},
        "b": {"x": Plan(merges=1, fields={"n": 5})},
    }


def test_a_delete_forgets_what_was_merged_before_it() -> None:
    assert coalesce([Merge(A, "x", {"n": 1}), Delete(A, "x")]) == {"a": {"x": Plan(erase=True)}}
    assert coalesce([Delete(A, "x"), Merge(A, "x", {"n": 1})]) == {
        "a": {"x": Plan(erase=True, merges=1, fields={"n": 1})}
    }


def test_planning_leaves_the_changes_as_they_were() -> None:
    changes = [Merge(A, "x", {"n": 1}), Merge(A, "x", {"n": 2})]
    coalesce(changes)
    assert changes == [Merge(A, "x", {"n": 1}), Merge(A, "x", {"n": 2})]


def test_a_merge_is_shallow_and_none_removes() -> None:
    assert merged({"a": 1, "b": {"c": 1}, "d": 0}, {"b": {"e": 2}, "a": None, "z": None}) == {"b": {"e": 2}, "d": 0}


@pytest.mark.parametrize("name", ["", "$x", "a.b", "a\0"])
def test_a_name_that_would_be_an_operator_or_a_path_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="field name"):
        check_fields({name: 1})


def test_a_collection_name_must_be_an_identifier() -> None:
    with pytest.raises(ValueError, match="identifier"):
        check_collections([Collection('x"; drop table y')])


def test_a_scan_goes_on_behind_the_last_document() -> None:
    index = Index("i", ("a", "b"))
    assert following(index, Stored("x", 3, {"b": True, "c": 1})) == After((None, True), "x")
    with pytest.raises(TypeError, match="field a"):
        following(index, Stored("x", 3, {"a": [1]}))
