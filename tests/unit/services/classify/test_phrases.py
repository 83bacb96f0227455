"""Phrases found in many texts with arrays are those that plain words find in one."""

import re
from collections.abc import Mapping, Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from services.classify.phrases import Phrase, phrases

Spelt = Mapping[Phrase, Sequence[Phrase]]
Texts = list[list[str]]
Found = list[tuple[int, Phrase]]

_WORD = re.compile(r"[^\W_]+")
_WORDS = ("đường", "giao", "thông", "hạn", "chế", "12")
_CHUNKS = (*_WORDS, "giao-thông,", "đường/giao", "lạ", "x1", "...", "-", "一", "giao-thông-" * 3)
_way = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(tuple)
texts = st.lists(st.lists(st.sampled_from(_CHUNKS), max_size=10), max_size=6)


@st.composite
def spelt(draw: st.DrawFn) -> Spelt:
    """Phrases, some with several spellings; no two share one."""
    ways = draw(st.lists(_way, unique=True, max_size=8))
    of: dict[Phrase, list[Phrase]] = {}
    for way in ways:
        name = draw(st.sampled_from([*of, ("tên", str(len(of)))]))
        of.setdefault(name, []).append(way)
    return of


def by_words(known: Spelt, chunks: Sequence[str]) -> Found:
    """The longest at each place, none overlapping, in order."""
    names = {way: name for name, ways in known.items() for way in ways}
    said = tuple(word for chunk in chunks for word in _WORD.findall(chunk))
    found: Found = []
    place = 0
    while place < len(said):
        here = [way for way in names if said[place : place + len(way)] == way]
        if here:
            longest = max(here, key=len)
            found.append((place, names[longest]))
            place += len(longest)
        else:
            place += 1
    return found


def _own(*ways: str) -> Spelt:
    return {tuple(way.split()): (tuple(way.split()),) for way in ways}


@given(spelt(), texts)
@example(_own("đường giao", "giao thông", "thông"), [["đường", "giao", "thông"], ["đường"], ["giao", "thông"]])
@example(_own("giao", "giao thông", "giao thông hạn chế"), [["giao-thông", "hạn"], ["chế"], ["giao"], [], ["thông"]])
@example(_own("giao giao"), [["giao"] * 3, ["giao"] * 4, ["giao"], ["giao"]])
@example(_own("thông"), [[], ["lạ", "thông"], [], ["thông"], []])
@example({}, [["giao"], []])
def test_a_text_of_a_batch_holds_what_plain_words_find(known: Spelt, several: Texts) -> None:
    assert phrases(known, _WORD.findall).find(several) == [by_words(known, chunks) for chunks in several]


@given(spelt(), texts)
def test_a_text_holds_alone_what_it_holds_in_the_middle_of_a_batch(known: Spelt, several: Texts) -> None:
    looked = phrases(known, _WORD.findall)
    assert looked.find(several) == [looked.find([chunks])[0] for chunks in several]
    assert looked.find_numbers(*looked.chunks.of(several)) == looked.find(several)


def test_no_text_empty_texts_and_no_phrase_are_nothing_special() -> None:
    looked = phrases(_own("giao", "giao thông"), _WORD.findall)
    assert looked.find([]) == []
    assert looked.find([[]]) == [[]]
    assert looked.find([[], ["..."], ["lạ"]]) == [[], [], []]
    nothing = phrases({}, _WORD.findall)
    assert nothing.find([]) == []
    assert nothing.find([[], ["giao", "thông"]]) == [[], []]


def test_a_phrase_does_not_reach_into_the_next_text_and_its_first_word_may_be_one_itself() -> None:
    looked = phrases(_own("giao thông", "giao thông hạn", "giao"), _WORD.findall)
    assert looked.find([["giao"], ["thông"]]) == [[(0, ("giao",))], []]
    assert looked.find([["giao", "thông"], ["hạn"]]) == [[(0, ("giao", "thông"))], []]


def test_a_phrase_is_known_by_its_name_however_it_is_spelt() -> None:
    looked = phrases({("hai", "hoa"): (("hài", "hòa"), ("hài", "hoà"))}, _WORD.findall)
    assert looked.find([["hài", "hoà", "hài", "hòa"]]) == [[(0, ("hai", "hoa")), (2, ("hai", "hoa"))]]
