"""JSON lines as people make them: read one by one, every fault named by line and field."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TextIO, TypeVar

Item = TypeVar("Item")


class BadLineError(ValueError):
    """A line that cannot be read; the text names its number and the reason."""


def objects(lines: TextIO, shape: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line numbers and objects; empty lines are passed over. `shape` tells what was expected. Raises BadLineError."""
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
            raise BadLineError(f"line {number}: not an object {shape}")
        yield number, row


def field(number: int, row: Mapping[str, Any], name: str, kinds: tuple[type, ...]) -> Any:
    """A field of a line. Raises BadLineError when it is missing or of another type."""
    if name not in row:
        raise BadLineError(f"line {number}: field {name!r} is missing")
    value = row[name]
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise BadLineError(f"line {number}: field {name!r} has the wrong type")
    if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
        raise BadLineError(f"line {number}: field {name!r} holds a lone surrogate, which is not a character")
    return value


def batches(
    items: Iterable[Item], size: int, *, weigh: Callable[[Item], int] = lambda _: 0, most: int = 1
) -> Iterator[list[Item]]:
    """The items, `size` at a time, fewer as soon as they weigh `most`.

    What came before a bad line is handed out before the line is reported.
    """
    batch: list[Item] = []
    weight = 0
    fault: BadLineError | None = None
    rest = iter(items)
    while True:
        try:
            batch.append(item := next(rest))
        except StopIteration:
            break
        except BadLineError as error:
            fault = error
            break
        weight += weigh(item)
        if len(batch) == size or weight >= most:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
    if fault is not None:
        raise fault
