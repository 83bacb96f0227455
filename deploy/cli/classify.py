"""`ykien classify`: the classifier on JSON lines, without any server."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from deploy.cli.common import BAD_INPUT, ConsultationOption, fail
from deploy.cli.json_lines import BadLineError, batches, field, objects
from deploy.paths import SHIPPED
from services.classify import collector
from services.classify.model import TopicModel, build_model
from services.classify.pipeline import Letter, classify_texts
from shared import draft_text
from shared.consultation import Consultation
from shared.consultation_yaml import DefinitionError, load
from shared.draft_text import DraftText, DraftTextError
from shared.events import Cite, Opinion

_BATCH, _MOST = 256, 1_000_000  # texts read at once; code points of them from which no more are waited for

Definitions = Annotated[Path, typer.Option("--definitions", help="Folder of the definitions (ID.yaml).")]
Train = Annotated[
    Path | None, typer.Option("--train", help='Labels to learn from first: JSON lines {"text", "topics", "stance"?}.')
]


def classify(consultation: ConsultationOption, definitions: Definitions = SHIPPED, train: Train = None) -> None:
    """Split texts into opinions and say what each is about: JSON lines {"id", "text"} from stdin to stdout, in order."""
    model = _model(_definition(consultation, definitions), definitions, train)
    collector.rest()
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        size = 1 if sys.stdin.isatty() else _BATCH
        for batch in batches(_inputs(sys.stdin), size, weigh=lambda its: len(its[1]), most=_MOST):
            read = classify_texts([Letter(text, "") for _, text in batch], model)
            for (id_, _), found in zip(batch, read, strict=True):
                opinions = [_opinion(opinion) for opinion in found.opinions]
                print(json.dumps({"id": id_, "opinions": opinions}, ensure_ascii=False))
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


def _model(consultation: Consultation, folder: Path, labels: Path | None) -> TopicModel:
    """The day-0 model, or the one that has learned the labels; with the draft texts that stand beside the definition."""
    texts = {draft.id: _draft(folder / draft.current.text) for draft in consultation.drafts}
    day0 = build_model(consultation, texts)
    if labels is None:
        return day0
    from deploy.cli.labels import read_file, taught  # training needs NumPy and SciPy, which take half a second to load

    try:
        return taught(consultation, texts, day0, read_file(labels, day0.codes))
    except (BadLineError, OSError) as error:
        fail(BAD_INPUT, f"{labels}: {error.strerror or error if isinstance(error, OSError) else error}")


def _draft(path: Path) -> DraftText:
    try:
        return draft_text.parse(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, DraftTextError) as error:
        fail(BAD_INPUT, f"{path}: {error.strerror or error if isinstance(error, OSError) else error}")


def _inputs(lines: TextIO) -> Iterator[tuple[Any, str]]:
    """Ids as given, and texts. Raises BadLineError; empty lines are passed over."""
    for number, row in objects(lines, '{"id", "text"}'):
        yield field(number, row, "id", (str, int)), field(number, row, "text", (str,))


def _opinion(opinion: Opinion) -> dict[str, Any]:
    """The fields of contracts.md, in its order; then what was added to them."""
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
        "general": opinion.general,
        "evidence": opinion.evidence.model_dump(mode="json") if opinion.evidence else None,
    }


def _cite(cite: Cite) -> dict[str, Any]:
    return {**cite.units, "start": cite.start, "end": cite.end}
