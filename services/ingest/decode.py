"""JSON as it must be: UTF-8, an object, every name once. Pure."""

import json
from typing import Any, NoReturn

from services.ingest.faults import Fault, Refused

MAX_NAMES = 100  # in one object; ours have seven. Each unknown one costs a fault, so a million would cost the process its memory
MAX_MARKS = 500_000  # brackets, braces, commas: more than the longest text taken can hold; each may cost 60 bytes


class Malformed(Refused):
    """The body is no JSON (400)."""


class _NotTakenError(ValueError):
    """It is JSON, but none that we take."""


def json_object(body: bytes) -> dict[str, Any]:
    """The decoded object. Raises Malformed saying what is wrong and where."""
    if sum(map(body.count, (b"{", b"[", b","))) > MAX_MARKS:
        raise _malformed("có quá nhiều phần tử JSON")
    try:
        text = body.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _malformed(f"không phải UTF-8 (byte thứ {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise _malformed(f"sai cú pháp JSON ở dòng {error.lineno}, cột {error.colno}") from error
    except RecursionError as error:
        raise _malformed("JSON lồng nhau quá sâu") from error
    except _NotTakenError as error:
        raise _malformed(str(error)) from error
    except ValueError as error:  # Python's own, of a number with thousands of digits, in English
        raise _malformed("có một số quá dài") from error
    if not isinstance(data, dict):
        raise _malformed("phải là một đối tượng JSON")
    return data


def _malformed(reason: str) -> Malformed:
    return Malformed([Fault("(body)", f"Phần thân yêu cầu {reason}.")])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_NAMES:
        raise _NotTakenError("có một đối tượng JSON với quá nhiều tên trường")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotTakenError("có một tên trường được nêu hai lần")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise _NotTakenError("có NaN hoặc Infinity, không phải là JSON")
