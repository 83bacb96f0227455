"""The published contract of the events: files are fresh, examples parse, old readers ignore new fields."""

import json
from pathlib import Path

import jsonschema
import pytest
from jsonschema import FormatChecker

from shared import topology
from shared.events import EVENT_TYPES
from shared.schema_export import DOCS, PRODUCERS, asyncapi, files, read_examples, schema

EXAMPLES = sorted((DOCS / "events" / "examples").glob("*.json"))


@pytest.mark.parametrize("path", sorted(files(DOCS)), ids=lambda p: p.name)
def test_the_file_is_what_the_exporter_writes_now(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == files(DOCS)[path], "run: python -m shared.schema_export"


def test_every_event_type_has_a_schema_an_example_and_a_producer_and_nothing_else_does() -> None:
    names = set(EVENT_TYPES)
    assert {p.name.removesuffix(".schema.json") for p in (DOCS / "events").glob("*.json")} == names
    assert set(read_examples(DOCS)) == names
    assert set(PRODUCERS) == names


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_the_example_fits_its_schema_and_comes_back_equal_from_its_model(path: Path) -> None:
    model = next(m for n, m in EVENT_TYPES.items() if path.name.startswith(n))
    body = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(body, schema(model), format_checker=FormatChecker())
    event = model.model_validate(body)
    assert event.model_dump(mode="json") == body
    assert event.event_id
    newer = model.model_validate({**body, "field_of_a_newer_writer": 1})
    assert newer == event


def test_every_subject_of_an_event_is_stored_by_the_events_stream() -> None:
    for name in EVENT_TYPES:
        entity = name.split(".", maxsplit=1)[0]
        assert f"{entity}.*.v1.>" in topology.EVENTS.subjects


def test_every_reference_inside_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi(read_examples(DOCS))

    def check(node: object) -> None:
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str) and ref.startswith("#/"):
                found: object = document
                for part in ref[2:].split("/"):
                    assert isinstance(found, dict)
                    found = found[part]
            elif isinstance(ref, str):
                assert (DOCS / ref).exists(), ref
            for value in node.values():
                check(value)
        elif isinstance(node, list):
            for value in node:
                check(value)

    check(document)
    assert "classify.receive.submission.received.v1" in document["operations"]
