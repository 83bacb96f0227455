"""A rule that is not tried could not have matched: no cue is missed for the sake of speed."""

import importlib
import pkgutil
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.classify import steps
from services.classify.steps.triggers import keys
from services.classify.steps.view import Rule, view, without_diacritics, words
from tests.support.fuzz import budget
from tests.unit.services.classify.pathological import mixture

_RULES = {
    f"{module.name}.{name}": value
    for module in pkgutil.walk_packages(steps.__path__, f"{steps.__name__}.")
    for name, value in vars(importlib.import_module(module.name)).items()
    if isinstance(value, Rule)
}
_TRIED = {name: rule for name, rule in _RULES.items() if rule.bits}
_quick = settings(
    max_examples=4 if budget() < 30 else 200,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def _check(rule: Rule, text: str) -> None:
    seen = view(text)
    spans = [(0, len(seen.plain)), (len(seen.plain) // 3, len(seen.plain)), (0, 2 * len(seen.plain) // 3)]
    matching = [span for span in spans if rule.of(seen).search(seen.matched, *span)]
    assert not [span for span in matching if rule.silent(seen, *span)], text
    seen.listen()
    assert not [span for span in matching if rule.silent(seen, *span)], text


def test_most_rules_are_silent_in_most_texts() -> None:
    seen = view("Bản em chưa có điện lưới, học sinh học tối phải thắp đèn dầu.")
    assert len(_TRIED) > 100
    assert sum(rule.silent(seen, 0, len(seen.plain)) for rule in _TRIED.values()) > 0.7 * len(_TRIED)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", _TRIED)
def test_fuzz_what_a_rule_matches_is_never_silent(name: str) -> None:
    rule = _TRIED[name]

    @_quick
    @given(st.from_regex(rule.pattern), st.sampled_from(("", "x", " Đề nghị ", "\n", "1")), st.booleans())
    def check(matched: str, around: str, bare: bool) -> None:
        text = around + matched + around
        _check(rule, without_diacritics(text) if bare else text)

    check()


def test_rules_over_wild_mixtures_of_their_own_words() -> None:
    for number in range(20):
        text = mixture(random.Random(number), 300)
        for rule in _TRIED.values():
            _check(rule, text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (words("đề nghị, bỏ"), [{("đề", "nghị"), ("bỏ",)}]),
        (r"(?<!\w)thay[^.]{0,40}(?<!\w)bằng(?!\w)", [{("bằng",)}]),
        (r"thay", []),  # also in "thayx": no whole word is certain
        (r"(?<!\w)thay(?!\w|\s{1,3}vì)", [{("thay",)}]),
        (r"(?:(?<!\w)cũng(?!\w)\s{1,3})?(?<!\w)mong(?!\w)", [{("cũng", "mong"), ("mong",)}]),
        (r"\d{1,3}", []),
        (rf"{words('tôi, em')}\s{{1,3}}(?:là|tên)\s|x", []),  # one way without a certain word: nothing is certain
        (rf"{words('a')}.{{0,9}}{words('b, c')}", [{("a",)}, {("b",), ("c",)}]),
    ],
)
def test_keys_are_the_whole_words_of_every_way_to_match(pattern: str, expected: list[set[tuple[str, ...]]]) -> None:
    assert [set(found) for found in keys(pattern)] == expected


def test_a_word_in_a_masked_quotation_keeps_no_pair_apart() -> None:
    """ "thay "A" bằng": the text itself has other words between the two."""
    assert keys("(?<!\\w)thay \ue000 bằng(?!\\w)") == (frozenset({("thay",)}), frozenset({("bằng",)}))


def test_every_rule_compiles_alike_with_and_without_diacritics() -> None:
    for rule in _RULES.values():
        assert re.compile(rule.pattern).groups == re.compile(without_diacritics(rule.pattern)).groups
