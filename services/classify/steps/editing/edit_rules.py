"""Which patterns of a wanted change are tried at which word, in their order.

A text without diacritics is looked up by the same words without theirs, so that one word may begin patterns of several verbs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined]  # the standard library's own parser of patterns
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Literal

from services.classify.steps.editing import edit_patterns as quoted
from services.classify.steps.editing import edit_unquoted as unquoted
from services.classify.steps.editing.quotes import FIRST
from services.classify.steps.view import Rule, without_diacritics

Op = Literal["replace", "insert", "delete"]
Rules = tuple[tuple[Rule, Op], ...]
_QUOTED: dict[str, Rules] = {
    "instead": ((quoted.INSTEAD_FIRST, "replace"),),
    "replace": ((quoted.REPLACE_PAIR, "replace"),),
    "remove": ((quoted.REPLACE_PAIR, "replace"), (quoted.REMOVE, "delete")),
    "use": ((quoted.INSTEAD, "replace"), (quoted.USED_INSTEAD, "replace")),
    "not": ((quoted.NOT_USED_BUT, "replace"), (quoted.NOT_USED, "delete")),
    "out": ((quoted.TAKE_OUT, "delete"),),
    "add": ((quoted.ADD_AT_QUOTE, "insert"), (quoted.ADD_THEN_PLACE, "insert"), (quoted.ADD, "insert")),
    "at": ((quoted.PLACE_THEN_ADD, "insert"),),
}
_REWRITE: Rules = ((quoted.REWRITE, "replace"),)
_UNQUOTED: dict[str, Rules] = {
    "replace": (
        (unquoted.QUOTED_OLD, "replace"),
        (unquoted.REPLACE, "replace"),
        (unquoted.FIGURES, "replace"),
        (unquoted.FIGURE_NEW, "replace"),
    ),
    "raise": ((unquoted.RAISED, "replace"), (unquoted.FIGURE_NEW, "replace")),
    "remove": ((unquoted.REMOVE, "delete"),),
    "use": ((unquoted.INSTEAD, "replace"),),
    "add": ((unquoted.ADD, "insert"), (unquoted.ADD_COLON, "insert")),
    "at": ((unquoted.ADD_AT, "insert"),),
}
_LATE: Rules = ((unquoted.REWRITE_COLON, "replace"),)
QUOTE_FIRST: Rules = (
    (quoted.QUOTE_ARROW, "replace"),
    (quoted.INSTEAD, "replace"),
    (quoted.QUOTE_MENDED, "replace"),
    (quoted.QUOTE_THEN_OUT, "delete"),
    (quoted.QUOTE_THEN_ADD, "insert"),
    (quoted.QUOTE_SENTENCE_REPLACE, "replace"),
    (quoted.CORRECTED, "replace"),
    (quoted.QUOTE_THEN_REPLACE, "replace"),
    (quoted.QUOTE_THEN_REMOVE, "delete"),
)
WITH_FIGURES = (unquoted.FIGURES, unquoted.FIGURE_NEW, unquoted.RAISED)
WITH_COLON = (unquoted.ADD_COLON, unquoted.REWRITE_COLON)
WITHOUT_MARKS = tuple(
    rule
    for rule in dict.fromkeys(rule for rules in (*_UNQUOTED.values(), _LATE) for rule, _ in rules)
    if rule not in (unquoted.QUOTED_OLD, *WITH_FIGURES, *WITH_COLON)
)
"""Those that can fit where no quotation stands, nor a figure nor a colon."""
BY_WORDS = frozenset(value for value in vars(unquoted).values() if isinstance(value, Rule)) - {
    unquoted.FIGURE,
    unquoted.FIGURE_BEFORE,
    unquoted.NUMBER,
}
_BEGIN = {  # first words of the patterns' verbs, in the order in which their patterns are tried
    "out": "đưa loại rút gạt gỡ",
    "instead": "thay",
    "raise": "nâng tăng giảm hạ kéo điều chỉnh",
    "replace": "thay sửa đổi chỉnh điều viết diễn ghi biên nêu hiệu chuyển",
    "remove": "lược xóa xoá cắt gạch loại bỏ bớt rút bãi",
    "use": "dùng sử lấy ghi viết nêu gọi để",
    "not": "không đừng tránh hạn thôi",
    "add": "bổ thêm chèn ghi viết nêu đưa nối điền",
    "at": "ngay liền tiếp phía đằng đứng vào sau trước kế giữa cạnh bên kèm",
}
_NOUNS = frozenset(
    [
        "các",
        "những",
        "một",
        "hai",
        "ba",
        "bốn",
        "mấy",
        "cả",
        "cụm",
        "nhóm",
        "từ",
        "chữ",
        "câu",
        "đoạn",
        "ý",
        "nội",
        "tiêu",
        "tên",
        "mệnh",
        "vế",
        "khẩu",
        "con",
        "số",
        "chỉ",
        "tỷ",
        "tỉ",
        "dấu",
        "khái",
        "phần",
        "mục",
        "dòng",
        "phương",
        "chủ",
        "thành",
        "tính",
        "động",
        "danh",
        "gạch",
        "thuật",
    ]
)
_AFTER_QUOTE = frozenset(
    [
        "thay",
        "sửa",
        "đổi",
        "chỉnh",
        "điều",
        "viết",
        "diễn",
        "ghi",
        "biên",
        "nêu",
        "hiệu",
        "chuyển",
        "lược",
        "xóa",
        "xoá",
        "cắt",
        "loại",
        "bỏ",
        "bớt",
        "rút",
        "bổ",
        "thêm",
        "chèn",
        "đưa",
        "phải",
        "nên",
        "đúng",
        "cần",
        "gọi",
        "không",
        "chứ",
        "mà",
        "gạt",
        "gỡ",
    ]
)
_WORDING = frozenset(["cụm", "từ", "chữ", "thuật", "nhóm"])


def _bare_too(words: dict[str, tuple[Rules, Rules]]) -> dict[str, tuple[Rules, Rules]]:
    found: dict[str, tuple[Rules, Rules]] = {}
    for word, (with_quotes, without) in words.items():
        known = found.get(without_diacritics(word), ((), ()))
        found[without_diacritics(word)] = (_merged(known[0], with_quotes), _merged(known[1], without))
    return found


def _merged(*rules: Rules) -> Rules:
    return tuple(dict.fromkeys(rule for some in rules for rule in some))


def _by_first_word() -> dict[str, tuple[Rules, Rules]]:
    found: dict[str, tuple[Rules, Rules]] = {}
    for word in sorted({word for words in _BEGIN.values() for word in words.split()}):
        kinds = [kind for kind, words in _BEGIN.items() if word in words.split()]
        without = _merged(*(_UNQUOTED.get(kind, ()) for kind in kinds))
        late = _LATE if "replace" in kinds else ()
        rewrite = _REWRITE if "replace" in kinds else ()
        with_quotes = _merged(*(_QUOTED.get(kind, ()) for kind in kinds), without, rewrite, late)
        found[word] = (with_quotes, _merged(without, late))
    return found


ACCENTED_RULES = _by_first_word()
BARE_RULES = _bare_too(ACCENTED_RULES)


def _sets(words: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    return words, frozenset(without_diacritics(word) for word in words)


@dataclass(frozen=True, slots=True)
class Token:
    """What a word is to the patterns: `rules` with a quotation behind it and without one; a hint at wording is a mark of it."""

    rules: tuple[Rules, Rules] | None
    noun: bool
    after: bool  # a verb behind a quotation
    hint: bool
    begins: bool  # a pattern may begin with it


def _tokens(first: dict[str, tuple[Rules, Rules]], bare: bool) -> dict[str, Token]:
    nouns, after, wording = _sets(_NOUNS)[bare], _sets(_AFTER_QUOTE)[bare], _sets(_WORDING)[bare]
    return {
        word: Token(first.get(word), word in nouns, word in after, word in wording, word in nouns or word in first)
        for word in first.keys() | nouns | after | wording
    }


TOKENS = (_tokens(ACCENTED_RULES, bare=False), _tokens(BARE_RULES, bare=True))
"""All words that mean something to the patterns; for texts with and without diacritics."""


def _quotations(nodes: Iterable[tuple[Any, Any]]) -> int:
    """How many quotations a pattern cannot do without."""
    least = 0
    for kind, value in nodes:
        if kind is op.LITERAL:
            least += value == ord(FIRST)
        elif kind is op.SUBPATTERN:
            least += _quotations(value[3])
        elif kind is op.BRANCH:
            least += min(map(_quotations, value[1]))
        elif kind is op.MAX_REPEAT or kind is op.MIN_REPEAT:
            least += value[0] * _quotations(value[2])
    return least


NEEDS = {
    rule: _quotations(_parser.parse(rule.pattern))
    for rule in dict.fromkeys(
        rule for rules in (QUOTE_FIRST, *(some for two in ACCENTED_RULES.values() for some in two)) for rule, _ in rules
    )
}
"""Rule -> quotations that must stand in what it matches."""
