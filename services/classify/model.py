"""What day-0 classification knows of a consultation: its own words, as plain dictionaries that never change.

Everything is folded (no diacritics, lower case), so that text typed without diacritics is read as well as any other.
"""

import hashlib
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from services.classify import elsewhere
from services.classify.drafts.index import Drafts
from services.classify.learning.artifact import Learned
from services.classify.learning.scorer import UNIT, packed
from services.classify.steps.view import view, without_diacritics
from shared.consultation import Consultation, Section
from shared.draft_text import DraftText
from shared.events import Stance, Term

CODE_VERSION = "6"  # grows with every change of rules that can change an answer
OUTSIDE = 0  # the code of opinions outside every topic group

_TOKEN = re.compile(r"[a-z0-9]+")
_WRITTEN = re.compile(r"[^\W_]+")
_STOP_WORDS = (
    "va cua cho cac co la duoc nhung trong voi can khong toi mot ve nay den tu theo de ra vao o tai da dang se rat nhu thi ma khi "
    "boi do hay hoac nhat nua them nghi y kien du thao gop cung"
)
_STOP = frozenset(_STOP_WORDS.split())
_K1, _B = 1.2, 0.5
BM25_LOG_ODDS = 0.22  # what a unit of `TopicModel.terms` adds to a group's log-odds
_MAX_PHRASE = 8  # tokens of the longest hint that is looked for
_WEIGHT_TITLE, _WEIGHT_HINT, _WEIGHT_DESCRIPTION, _WEIGHT_SECTION = 2.0, 1.0, 1.0, 0.5


def tokens(text: str) -> list[str]:
    """The folded words of a text."""
    return bare_words(view(text).bare)


def bare_words(bare: str) -> list[str]:
    """The words of a text without diacritics (`View.bare`)."""
    return _TOKEN.findall(bare)


class _Bare(dict[str, str]):
    """Word -> its bare words, filled as words are met: a language has few words, and each is met again and again."""

    def __missing__(self, word: str) -> str:
        bare = " ".join(_TOKEN.findall(without_diacritics(word)))
        if len(word) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[word] = bare
        return bare


_LONGEST_KEPT, _MOST_KEPT = 24, 20_000  # code points of a word; words: some 3 MB
_bare = _Bare()


def bared(written: Iterable[str]) -> list[str]:
    """The words of a text without diacritics, from those with their marks (`written_words`): the same as `bare_words`."""
    return " ".join(map(_bare.__getitem__, written)).split()


def written_words(plain: str) -> list[str]:
    """The words of a text with their marks (`View.plain`)."""
    return _WRITTEN.findall(plain)


@lru_cache(20_000)
def marked(word: str) -> str:
    """The same for "hoà" and "hòa", whatever letter the tone stands on."""
    return "".join(sorted(unicodedata.normalize("NFD", word)))


def _spelling(hint: str) -> tuple[str, ...]:
    return tuple(map(marked, written_words(view(hint).plain)))


@dataclass(frozen=True)
class Correction:
    """What a person decided about a text: it holds for every text of the same words."""

    topics: tuple[int, ...]
    stance: Stance | None = None
    review_id: str | None = None


@dataclass(frozen=True)
class TopicModel:
    """`phrases`: hint -> topic code -> weight; `terms`: word or word pair -> topic code -> BM25 weight."""

    version: str
    codes: tuple[int, ...]
    phrases: Mapping[tuple[str, ...], Mapping[int, float]]
    terms: Mapping[str, Mapping[int, float]]
    sections: Mapping[str, str]  # as cited, upper case -> section ref
    section_topics: Mapping[str, tuple[int, ...]]
    # First word -> second word ("" for none) -> the hints that begin with them, the longest first.
    phrases_from: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]
    written: Mapping[tuple[str, ...], str]  # hint -> as the definition writes it
    spellings: Mapping[tuple[str, ...], frozenset[tuple[str, ...]]]  # hint -> its words with their marks (`marked`)
    term_table: Mapping[str, int] = field(compare=False)  # `terms`, packed (learning/scorer.py): one lane per code
    # Topic code -> term -> what it adds to the group's log-odds, negated, and the same as evidence.
    spoken_for: Mapping[int, Mapping[str, tuple[float, int, str, Term]]] = field(compare=False)
    articles: bool  # whether a draft is divided into articles (điều)
    drafts: Drafts = field(default_factory=Drafts)
    learned: Learned | None = None
    corrections: Mapping[str, Correction] = field(default_factory=dict)  # by `text_key` of the whole opinion

    def topics_of_section(self, ref: str) -> tuple[int, ...]:
        """Topic groups that the definition ties to a section or to what contains it; empty when none."""
        while ref:
            if ref in self.section_topics:
                return self.section_topics[ref]
            ref = ref.rpartition(".")[0]
        return ()


def build_model(
    consultation: Consultation, texts: Mapping[str, DraftText] = MappingProxyType({}), learned: Learned | None = None
) -> TopicModel:
    """The model of a definition; equal definitions give equal models and versions. `texts`: draft id -> its current text.

    Raises ValueError when `learned` was taught other topic codes; that hints or titles changed since does no harm.
    """
    codes = tuple(topic.code for topic in consultation.topic_groups)
    if learned is not None and learned.codes != codes:
        raise ValueError(f"learned for the topic codes {list(learned.codes)}, the definition has {list(codes)}")
    known = consultation.section_refs()
    documents = {
        topic.code: _document(
            (topic.title, _WEIGHT_TITLE),
            (topic.description, _WEIGHT_DESCRIPTION),
            *((hint, _WEIGHT_HINT) for hint in topic.hints),
            *((known[ref].title, _WEIGHT_SECTION) for ref in topic.sections),
        )
        for topic in consultation.topic_groups
    }
    phrases = _phrases(consultation)
    terms = _bm25(documents)
    written = _as_written(consultation)
    sections, named = _sections(consultation)
    topics_by_section: dict[str, tuple[int, ...]] = {}
    for topic in consultation.topic_groups:
        for ref in topic.sections:
            name = named[id(known[ref])]
            topics_by_section[name] = (*topics_by_section.get(name, ()), topic.code)
    return TopicModel(
        version=_version(consultation, learned),
        codes=codes,
        phrases=phrases,
        terms=terms,
        sections=sections,
        section_topics=topics_by_section,
        phrases_from=_by_first_words(phrases),
        written={words: hints[0] for words, hints in written.items()},
        spellings={words: frozenset(map(_spelling, hints)) for words, hints in written.items()},
        term_table={term: packed([round(UNIT * by.get(code, 0.0)) for code in codes]) for term, by in terms.items()},
        spoken_for=_spoken_for(codes, terms, BM25_LOG_ODDS * (learned.topics.scale if learned is not None else 1.0)),
        articles=any(
            (section.label or section.title).casefold().startswith("điều ")
            for draft in consultation.drafts
            for section in draft.current.sections
        ),
        drafts=Drafts.of(consultation, texts),
        learned=learned,
    )


def terms_of(words: Iterable[str]) -> list[str]:
    """Words worth weighing, and pairs of neighbours."""
    kept = [word for word in words if word not in _STOP]
    return kept + [f"{a} {b}" for a, b in pairwise(kept)]


def _document(*parts: tuple[str, float]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text, weight in parts:
        for term in terms_of(tokens(text)):
            counted[term] += weight  # type: ignore[assignment]  # weighted counts are fractions
    return counted


def _phrases(consultation: Consultation) -> dict[tuple[str, ...], dict[int, float]]:
    """Hints weigh more the longer they are, and less the more groups share them."""
    owners: dict[tuple[str, ...], set[int]] = {}
    for topic in consultation.topic_groups:
        for hint in topic.hints:
            words = tuple(tokens(hint))
            if 0 < len(words) <= _MAX_PHRASE:
                owners.setdefault(words, set()).add(topic.code)
    said = _said(consultation)
    for phrase in elsewhere.phrases():
        if f" {' '.join(words := tuple(tokens(phrase)))} " not in said:
            owners[words] = {OUTSIDE}
    return {
        words: dict.fromkeys(sorted(codes), (0.5 + 0.5 * len(words)) / len(codes)) for words, codes in owners.items()
    }


def _said(consultation: Consultation) -> str:
    """All bare words of the topic groups, in order."""
    groups = (f"{t.title} . {t.description} . {' . '.join(t.hints)}" for t in consultation.topic_groups)
    return f" {' '.join(tokens(' . '.join(groups)))} "


def _as_written(consultation: Consultation) -> dict[tuple[str, ...], list[str]]:
    """Hints of the same bare words may differ in their marks."""
    found: dict[tuple[str, ...], list[str]] = {}
    for hint in (*(hint for topic in consultation.topic_groups for hint in topic.hints), *elsewhere.phrases()):
        found.setdefault(tuple(tokens(hint)), []).append(hint)
    return found


def _by_first_words(phrases: Iterable[tuple[str, ...]]) -> dict[str, dict[str, tuple[tuple[str, ...], ...]]]:
    starts: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {}
    for phrase in sorted(phrases, key=lambda p: (-len(p), p)):
        first, second = (*phrase, "")[:2]
        begun = starts.setdefault(first, {})
        begun[second] = (*begun.get(second, ()), phrase)
    return starts


def _spoken_for(
    codes: Iterable[int], terms: Mapping[str, Mapping[int, float]], unit: float
) -> dict[int, dict[str, tuple[float, int, str, Term]]]:
    return {
        code: {
            term: (-weight * unit, code, term, Term(term=term, topic=code, weight=round(weight * unit, 3)))
            for term, by in terms.items()
            if (weight := by.get(code, 0.0))
        }
        for code in codes
    }


def _bm25(documents: Mapping[int, Counter[str]]) -> dict[str, dict[int, float]]:
    mean = sum(d.total() for d in documents.values()) / len(documents) or 1.0
    held = Counter(term for document in documents.values() for term in document)
    weights: dict[str, dict[int, float]] = {}
    for code, document in documents.items():
        norm = _K1 * (1 - _B + _B * document.total() / mean)
        for term, count in document.items():
            idf = math.log(1 + (len(documents) - held[term] + 0.5) / (held[term] + 0.5))
            weights.setdefault(term, {})[code] = idf * count * (_K1 + 1) / (count + norm)
    return weights


def _sections(consultation: Consultation) -> tuple[dict[str, str], dict[int, str]]:
    """Upper-case names -> refs, and each section object's own ref (bare when only one draft has it)."""
    known = consultation.section_refs()
    named: dict[int, str] = {}
    for name, section in known.items():
        if id(section) not in named or len(name) < len(named[id(section)]):
            named[id(section)] = name
    return {name.upper(): named[_identity(section)] for name, section in known.items()}, named


def _identity(section: Section) -> int:
    return id(section)


def _version(consultation: Consultation, learned: Learned | None) -> str:
    """Only what the model reads: a changed phone number does not make a new classifier. The artifact's name comes last."""
    read = consultation.model_dump(mode="json", include={"id", "drafts", "topic_groups"})
    digest = hashlib.sha256(json.dumps(read, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if learned is None:
        return f"day0-{CODE_VERSION}-{digest[:12]}"
    return f"learned-{CODE_VERSION}-{digest[:12]}-{learned.digest[:12]}"
