"""The schemas of the OpenAPI document, made from the models that requests and answers go through: they cannot drift apart."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.ingest.channels.partner.request import PartnerLine, PartnerRequest
from services.ingest.receipt import Receipt
from services.ingest.status import Status
from services.ingest.submission import SubmissionRequest
from shared.consultation import Consultation

Schema = dict[str, Any]
_REF = "#/components/schemas/{model}"
_NOT_PUBLIC = {"recipients"}  # of a consultation
_NOT_TOLD = {"text_sha256", "decisions"}  # of a status
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_LOCAL_TIME: Schema = {"type": "string", "pattern": r"^\d\d:\d\d(:\d\d)?$"}
_STATE: Schema = {"type": "string", "enum": ["open", "upcoming", "closed"]}


def ref(name: str) -> Schema:
    """A reference to one of the schemas."""
    return {"$ref": _REF.format(model=name)}


def schemas() -> dict[str, Schema]:
    """Every schema by name, with those it refers to."""
    requests: list[type[BaseModel]] = [SubmissionRequest, PartnerRequest, PartnerLine]
    answers: list[type[BaseModel]] = [Receipt, Status, Consultation]
    _, taken = models_json_schema([(model, "validation") for model in requests], ref_template=_REF)
    _, given = models_json_schema([(model, "serialization") for model in answers], ref_template=_REF)
    found: dict[str, Schema] = given["$defs"] | taken["$defs"]
    found["Status"] = _without(found["Status"], _NOT_TOLD)
    consultation = _without(found["Consultation"], _NOT_PUBLIC)
    consultation["properties"]["state"] = _STATE
    found["Consultation"] = consultation
    found.pop("Recipient", None)
    for name in ("cut_off", "due"):  # RFC 3339 knows no time without a zone; it stands in the field beside
        found["ReportCalendar"]["properties"][name] = _LOCAL_TIME
    return dict(sorted((found | _own(consultation)).items()))


def _without(schema: Schema, fields: set[str]) -> Schema:
    properties = {name: part for name, part in schema["properties"].items() if name not in fields}
    required = [name for name in schema.get("required", ()) if name not in fields]
    return schema | {"properties": properties, "required": required}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _own(consultation: Schema) -> dict[str, Schema]:
    """Answers that are put together by hand where they are given."""
    text: Schema = {"type": "string"}
    fields = _list(_object({"field": text, "reason": text}))
    accepted = {"tracking_code": text, "received_at": _INSTANT, "receipt": ref("Receipt")}
    brief = {name: consultation["properties"][name] for name in ("id", "title", "short_title", "window", "state")}
    line: dict[str, Schema] = {
        "line": {"type": "integer", "minimum": 1},
        "id": {"type": ["string", "null"]},
        "status": {"type": "integer"},
    }
    line_more = {
        "tracking_code": text,
        "received_at": _INSTANT,
        "replayed": {"type": "boolean"},
        "notes": fields,
        "errors": fields,
    }
    problem: dict[str, Schema] = {
        "type": {"type": "string", "format": "uri"},
        "title": text,
        "status": {"type": "integer"},
        "detail": text,
    }
    count = {"type": "integer", "minimum": 0}
    counts = {
        "consultation": text,
        "channel": text,
        "batch_id": text,
        "revision": count,
        "received_at": _INSTANT,
        "submissions": count,
        "evidence_sha256": text,
    }
    return {
        "Accepted": _object(accepted, {"notes": fields}),
        "AggregateAccepted": _object(counts, {"notes": fields}),
        "BatchResult": _object(
            {"results": _list(_object(line, line_more)), "accepted": count, "refused": count},
        ),
        "Consultations": _object({"consultations": _list(_object(brief))}),
        "Problem": _object(problem, {"errors": fields, "instance": text}),
        "ReceiptKey": _object(
            {"key_id": text, "algorithm": {"type": "string", "const": "Ed25519"}, "public_key": text},
        ),
        "SignedMessage": _object({"jws": text}) | {"additionalProperties": False},
        "Kept": _object({"status": {"type": "string", "const": "ok"}}),
    }
