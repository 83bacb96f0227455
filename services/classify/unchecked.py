"""Models of our own values, made without asking again whether the values are of their types: a quarter of the time.

What pydantic keeps of a model is its `__dict__` and three slots; a test holds this to be what the constructor makes.
"""

from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)
_set: Any = object.__setattr__


# Which fields were given: all. One set for all models of a kind, for they are frozen, and a copy gets a set of its own.
_FIELDS: dict[type[BaseModel], set[str]] = {}


def _fields(kind: type[BaseModel]) -> set[str]:
    _FIELDS[kind] = fields = set(kind.model_fields)
    return fields


def unchecked(kind: type[Model], values: dict[str, Any]) -> Model:
    """A model of all its fields; `values` becomes its own and must be complete, in the order of the fields, and right."""
    made = kind.__new__(kind)
    _set(made, "__dict__", values)
    _set(made, "__pydantic_fields_set__", _FIELDS.get(kind) or _fields(kind))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made
