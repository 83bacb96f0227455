"""Writes the events' contract for readers outside: `python -m shared.schema_export [DOCS_DIR]`.

`docs/events/<type>.schema.json` from the models, `docs/asyncapi.json` from the models, the topology and the examples in
`docs/events/examples/` (written by hand, read here). A contract test keeps the files fresh.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared import topology
from shared.events import EVENT_TYPES, Event

DOCS = Path(__file__).parents[1] / "docs"
_BASE = "https://ykien.vn/schemas"
PRODUCERS = {
    "submission.received.v1": "ingest",
    "submission.classified.v1": "classify",
    "submission.withdrawn.v1": "ingest",
    "aggregate.received.v1": "ingest",
    "opinion.reviewed.v1": "report",
    "opinion.answered.v1": "report",
    "report.published.v1": "report",
    "notification.delivered.v1": "notify",
    "notification.failed.v1": "notify",
}
_HEADERS = {
    "Nats-Msg-Id": "equal to ce-id: the stream stores a repeated publish once",
    "ce-specversion": "CloudEvents version, 1.0",
    "ce-id": "deterministic id of the fact",
    "ce-type": "type and version",
    "ce-source": "service that states the fact",
    "ce-time": "when, RFC 3339 in UTC",
    "ce-subject": "what the fact is about: the id without its type",
    "traceparent": "W3C trace context",
}


def schema(model: type[Event]) -> dict[str, Any]:
    """JSON Schema (2020-12) of an event's body."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{_BASE}/{model.TYPE}.schema.json",
        **model.model_json_schema(),
        "title": model.TYPE,
    }


def asyncapi(examples: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The AsyncAPI 3.0 document; `examples` holds example bodies by event type."""
    channels: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for name, model in EVENT_TYPES.items():
        messages[name] = {
            "name": name,
            "title": model.__name__,
            "summary": (model.__doc__ or "").split("\n", maxsplit=1)[0],
            "contentType": "application/json",
            "headers": {
                "type": "object",
                "properties": {key: {"type": "string", "description": text} for key, text in _HEADERS.items()},
                "required": [key for key in _HEADERS if key != "traceparent"],
            },
            "payload": {
                "schemaFormat": "application/schema+json;version=draft-2020-12",
                "schema": {"$ref": f"./events/{name}.schema.json"},
            },
            "examples": [{"payload": body} for body in examples.get(name, [])],
        }
        channels[name] = {
            "address": f"{name}.{{consultation}}",
            "description": f"Stream {topology.EVENTS.name}.",
            "parameters": {"consultation": {"description": "id of the consultation"}},
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        }
        operations[f"{PRODUCERS[name]}.send.{name}"] = _operation("send", name, f"Published by {PRODUCERS[name]}.")
        for consumer in topology.CONSUMERS:
            if consumer.stream == topology.EVENTS.name and (not consumer.subjects or f"{name}.>" in consumer.subjects):
                text = f"Durable pull consumer `{consumer.name}`."
                operations[f"{consumer.name}.receive.{name}"] = _operation("receive", name, text)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Ykien",
            "version": "1.0.0",
            "description": "Events of a public consultation, CloudEvents 1.0 in NATS binary mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"nats": {"host": "localhost:4222", "protocol": "nats", "description": "NATS with JetStream"}},
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _operation(action: str, name: str, text: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": text,
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
    }


def read_examples(docs: Path) -> dict[str, list[Any]]:
    """Example bodies by event type, from `events/examples/<type>[.<what>].json`."""
    found: dict[str, list[Any]] = {}
    for path in sorted((docs / "events" / "examples").glob("*.json")):
        name = next((n for n in EVENT_TYPES if path.name.startswith(f"{n}.")), path.stem)
        found.setdefault(name, []).append(json.loads(path.read_text(encoding="utf-8")))
    return found


def files(docs: Path) -> dict[Path, str]:
    """What the exporter writes: path -> content."""
    out = {docs / "events" / f"{name}.schema.json": schema(model) for name, model in EVENT_TYPES.items()}
    out[docs / "asyncapi.json"] = asyncapi(read_examples(docs))
    return {path: json.dumps(content, ensure_ascii=False, indent=2) + "\n" for path, content in out.items()}


def main(docs: Path = DOCS) -> None:
    """Writes all files."""
    for path, content in files(docs).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(arg) for arg in sys.argv[1:2]))
