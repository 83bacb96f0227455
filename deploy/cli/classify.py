"""`ykien classify`: the classifier on JSON lines, without any server."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from deploy.cli.common import BAD_INPUT, ConsultationOption, fail
from deploy.paths import SHIPPED
from services.classify.model import TopicModel, build_model
from services.classify.pipeline import classify_text
from shared.consultation import Consultation
from shared.consultation_yaml import DefinitionError, load
from shared.events import Cite, Opinion

Definitions = Annotated[Path, typer.Option("--definitions", help="Folder of the definitions (ID.yaml).")]


class BadLineError(ValueError):
    """A line that cannot be read; the text names its number and the reason."""


def classify(consultation: ConsultationOption, definitions: Definitions = SHIPPED) -> None:
    """Split texts into opinions and say what each is about: JSON lines {"id", "text"} from stdin to stdout, in order."""
    model = build_model(_definition(consultation, definitions))
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        for id_, text in _inputs(sys.stdin):
            print(json.dumps({"id": id_, "opinions": _opinions(text, model)}, ensure_ascii=False))
    except BadLineError as error:
        sys.stdout.flush()
        fail(BAD_INPUT, str(error))


def _definition(consultation: str, folder: Path) -> Consultation:
    path = folder / f"{consultation}.yaml"
    if "/" in consultation or not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yaml"))) or "none"
        fail(BAD_INPUT, f"no definition {path}; known in {folder}: {known}")
    try:
        return load(path)
    except DefinitionError as error:
        fail(BAD_INPUT, str(error))


def _inputs(lines: TextIO) -> Iterator[tuple[Any, str]]:
    """Ids as given, and texts. Raises BadLineError; empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            line.encode("utf-8")
            row = json.loads(line)
        except UnicodeEncodeError as error:
            raise BadLineError(f"line {number}: not UTF-8") from error
        except (ValueError, RecursionError) as error:
            reason = (
                f"{error.msg} (column {error.colno})"
                if isinstance(error, json.JSONDecodeError)
                else "nested too deeply"
            )
            raise BadLineError(f"line {number}: not JSON: {reason}") from error
        if not isinstance(row, dict):
            raise BadLineError(f'line {number}: not an object {{"id", "text"}}')
        for field, kinds in (("id", (str, int)), ("text", str)):
            if field not in row:
                raise BadLineError(f"line {number}: field {field!r} is missing")
            if not isinstance(row[field], kinds) or isinstance(row[field], bool):
                raise BadLineError(f"line {number}: field {field!r} has the wrong type")
        if any("\ud800" <= c <= "\udfff" for c in row["text"]):
            raise BadLineError(f"line {number}: field 'text' holds a lone surrogate, which is not a character")
        yield row["id"], row["text"]


def _opinions(text: str, model: TopicModel) -> list[dict[str, Any]]:
    return [_opinion(opinion) for opinion in classify_text(text, model, id_prefix="").opinions]


def _opinion(opinion: Opinion) -> dict[str, Any]:
    """The fields of contracts.md, in its order."""
    return {
        "text": opinion.text,
        "start": opinion.start,
        "end": opinion.end,
        "topics": list(opinion.topics),
        "confidence": opinion.confidence,
        "stance": opinion.stance.value,
        "cites": [_cite(cite) for cite in opinion.cites],
        "edits": [edit.model_dump() for edit in opinion.edits],
        "language": opinion.language,
        "pii": [{"kind": p.kind, "start": p.start, "end": p.end} for p in opinion.pii],
        "petition_suspected": opinion.petition_suspected,
    }


def _cite(cite: Cite) -> dict[str, Any]:
    return {**cite.units, "start": cite.start, "end": cite.end}
