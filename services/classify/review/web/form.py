"""A page's form as an answer. Pure."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from services.classify.review.answer import Answer
from services.classify.review.text import Sentence
from shared.problem import FieldError

CHOOSE_STANCE = "Xin chọn thái độ của ý kiến."
SENTENCE_ORDER = "Câu cuối phải đứng sau câu đầu."
BROKEN = "Biểu mẫu không còn dùng được. Xin tải lại trang."


class FormFaults(Exception):
    """The form cannot be read as an answer."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(len(errors))
        self.errors = list(errors)


def answer_of(form: Mapping[str, Sequence[str]], opinion_id: str, sentences: Sequence[Sentence]) -> Answer:
    """What the form says of the opinion. Raises FormFaults naming fields of the page."""
    errors: list[FieldError] = []
    if not _first(form, "stance"):
        errors.append(FieldError("stance", CHOOSE_STANCE))
    first, last = _sentence(form, "first", sentences), _sentence(form, "last", sentences)
    span: dict[str, int] = {}
    if first is not None and last is not None and (first, last) != (1, len(sentences)):
        if last < first:
            errors.append(FieldError("start", SENTENCE_ORDER))
        else:
            span = {"start": sentences[first - 1].start, "end": sentences[last - 1].end}
    if errors:
        raise FormFaults(errors)
    try:
        return Answer.model_validate(
            {
                "opinion_id": opinion_id,
                "revision": _first(form, "revision"),
                "topics": form.get("topics", ()),
                "stance": _first(form, "stance"),
                "confirmed": False,
                **span,
            }
        )
    except ValidationError as error:
        raise FormFaults([FieldError("", BROKEN)]) from error


def _first(form: Mapping[str, Sequence[str]], name: str) -> str:
    values = form.get(name) or ("",)
    return values[0]


def _sentence(form: Mapping[str, Sequence[str]], name: str, sentences: Sequence[Sentence]) -> int | None:
    value = _first(form, name)
    return int(value) if value.isdecimal() and len(value) < 5 and 1 <= int(value) <= len(sentences) else None
