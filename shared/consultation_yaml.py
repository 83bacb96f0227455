"""Reads a consultation's YAML; every fault is reported as `file:line: field: reason`, all of them at once."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap

from shared import draft_text
from shared.consultation import Consultation, DraftVersion
from shared.yaml_model import DefinitionError, Loc, fault_at, plain, read_tree, refused, validation_faults

__all__ = ["DefinitionError", "draft_path", "load", "load_all"]


def load(path: Path) -> Consultation:
    """The consultation of a YAML file, its draft texts checked. Raises DefinitionError; fills nothing in (`sha256` stays unset)."""
    tree = read_tree(path)
    try:
        consultation = Consultation.model_validate(plain(tree))
    except ValidationError as error:
        raise refused(path, validation_faults(tree, error)) from error
    if faults := list(_draft_faults(path, tree, consultation)):
        raise refused(path, faults)
    return consultation


def load_all(folder: Path) -> tuple[Consultation, ...]:
    """Every `*.yaml` of the folder, in order of id. Raises DefinitionError with the faults of all files."""
    loaded: dict[str, tuple[Path, Consultation]] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            consultation = load(path)
        except DefinitionError as error:
            faults.append(str(error))
            continue
        if consultation.id in loaded:
            faults.append(f"{path}:1: id: {consultation.id!r} is already defined in {loaded[consultation.id][0]}")
        loaded[consultation.id] = (path, consultation)
    if faults:
        raise DefinitionError("\n".join(faults))
    return tuple(loaded[id_][1] for id_ in sorted(loaded))


def draft_path(definition: Path, version: DraftVersion) -> Path:
    """Where a draft's text file is: relative to the folder of the YAML file."""
    return definition.parent / version.text


def _draft_faults(path: Path, tree: CommentedMap, consultation: Consultation) -> Iterator[tuple[int, str, str]]:
    for d, draft in enumerate(consultation.drafts):
        for v, version in enumerate(draft.versions):
            at: Loc = ("drafts", d, "versions", v)
            file = draft_path(path, version)
            if not file.resolve().is_relative_to(path.parent.resolve()):
                yield fault_at(tree, (*at, "text"), "must stay inside the folder of the definition")
                continue
            try:
                pages = len(draft_text.parse(file.read_text("utf-8")).pages)
            except OSError as error:
                yield fault_at(tree, (*at, "text"), f"{file} cannot be read ({error.strerror})")
                continue
            except (draft_text.DraftTextError, UnicodeDecodeError) as error:
                reason = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
                yield fault_at(tree, (*at, "text"), f"{file}: {reason}")
                continue
            for s, section in enumerate(version.sections):
                if section.page > pages:
                    yield fault_at(
                        tree, (*at, "sections", s, "page"), f"page {section.page} is beyond the text's {pages} pages"
                    )
