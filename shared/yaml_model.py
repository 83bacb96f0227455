"""Reads a YAML file into a pydantic model; every fault is reported as `file:line: field: reason`, all of them at once."""

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from shared.errors import Permanent

Loc = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class DefinitionError(Permanent):
    """The file is refused; the text has one `file:line: field: reason` line per fault."""


class _Constructor(RoundTripConstructor):
    """Dates and instants stay text: pydantic reads them with their zone, which the YAML library would drop."""

    def timestamp_as_text(self, node: ScalarNode) -> str:
        return str(node.value)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.timestamp_as_text)


def load_model(path: Path, model: type[Model]) -> Model:
    """The file as that model. Raises DefinitionError."""
    tree = read_tree(path)
    try:
        return model.model_validate(plain(tree))
    except ValidationError as error:
        raise refused(path, validation_faults(tree, error)) from error


def refused(path: Path, faults: Sequence[tuple[int, str, str]]) -> DefinitionError:
    """The error that tells all faults in the order of the file."""
    return DefinitionError("\n".join(f"{path}:{line}: {field}: {reason}" for line, field, reason in sorted(faults)))


def validation_faults(tree: CommentedMap, error: ValidationError) -> list[tuple[int, str, str]]:
    """Line, field and reason of what pydantic found."""
    found = error.errors(include_url=False, include_input=False)
    # A list whose items are all wrong is called too short as well; that second fault only confuses.
    wrong = {loc[:n] for loc in (fault["loc"] for fault in found) for n in range(len(loc))}
    kept = [fault for fault in found if not (fault["type"] == "too_short" and fault["loc"] in wrong)]
    return [fault_at(tree, fault["loc"], fault["msg"]) for fault in kept]


def read_tree(path: Path) -> CommentedMap:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        tree = yaml.load(StringIO(path.read_text("utf-8")))
    except OSError as error:
        raise DefinitionError(f"{path}:1: file: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DefinitionError(f"{path}:{line}: file: is not UTF-8") from error
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reason = str(error.problem).split(" with value")[0]
        raise DefinitionError(f"{path}:{line}: yaml: {reason}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DefinitionError(
            f"{path}:{mark.line + 1 if mark else 1}: yaml: {error.problem or error.context}"
        ) from error
    except YAMLError as error:
        raise DefinitionError(f"{path}:1: yaml: {' '.join(str(error).split())}") from error
    if not isinstance(tree, CommentedMap):
        raise DefinitionError(f"{path}:1: file: must be a mapping of fields, is empty or something else")
    return tree


def plain(node: Any) -> Any:
    """The same values without the loader's own types."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, str):
        return str(node)
    if isinstance(node, Sequence):
        return [plain(item) for item in node]
    if isinstance(node, float):
        return float(node)
    return int(node) if isinstance(node, int) and not isinstance(node, bool) else node


def fault_at(tree: CommentedMap, loc: Loc, message: str) -> tuple[int, str, str]:
    """Where and what. A rule over the whole definition says `field: item: reason`; that item's line is then looked up."""
    reason = message.removeprefix("Value error, ")
    head, _, rest = reason.partition(": ")
    if rest and head in tree and not loc:
        item, _, why = rest.partition(": ")
        index = _index_of(tree[head], item) if why else None
        return (
            (_line(tree, (head, index)), f"{head}.{index}", why)
            if index is not None
            else (_line(tree, (head,)), head, rest)
        )
    return _line(tree, loc), ".".join(map(str, loc)) or "file", reason


def _index_of(items: Any, name: str) -> int | None:
    if not isinstance(items, Sequence):
        return None
    named = (
        i
        for i, item in enumerate(items)
        if isinstance(item, Mapping) and name in {str(item.get("id")), str(item.get("code"))}
    )
    return next(named, None)


def _line(tree: CommentedMap, loc: Loc) -> int:
    """The line (from 1) of the deepest part of `loc` that stands in the file; a missing field is reported at its parent."""
    node: Any = tree
    line = 1
    for part in loc:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(part)[0] + 1
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(part)[0] + 1
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
    return line
