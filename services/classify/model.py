"""What day-0 classification knows of a consultation: its own words, as plain dictionaries that never change.

Everything is folded (no diacritics, lower case), so that text typed without diacritics is read as well as any other.
"""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from services.classify.steps.view import view
from shared.consultation import Consultation, Section

CODE_VERSION = "5"  # grows with every change of rules that can change an answer

_TOKEN = re.compile(r"[a-z0-9]+")
_STOP_WORDS = (
    "va cua cho cac co la duoc nhung trong voi can khong toi mot ve nay den tu theo de ra vao o tai da dang se rat nhu thi ma khi "
    "boi do hay hoac nhat nua them nghi y kien du thao gop cung"
)
_STOP = frozenset(_STOP_WORDS.split())
_K1, _B = 1.2, 0.5
_MAX_PHRASE = 8  # tokens of the longest hint that is looked for
_WEIGHT_TITLE, _WEIGHT_HINT, _WEIGHT_DESCRIPTION, _WEIGHT_SECTION = 2.0, 1.0, 1.0, 0.5


def tokens(text: str) -> list[str]:
    """The folded words of a text."""
    return _TOKEN.findall(view(text).bare)


@dataclass(frozen=True)
class TopicModel:
    """`phrases`: hint -> topic code -> weight; `terms`: word or word pair -> topic code -> BM25 weight."""

    version: str
    codes: tuple[int, ...]
    phrases: Mapping[tuple[str, ...], Mapping[int, float]]
    terms: Mapping[str, Mapping[int, float]]
    sections: Mapping[str, str]  # as cited, upper case -> section ref
    section_topics: Mapping[str, tuple[int, ...]]
    pages: tuple[tuple[int, str], ...]  # where the sections start; only when there is one draft
    phrases_from: Mapping[
        str, tuple[tuple[str, ...], ...]
    ]  # first word -> the hints that begin with it, the longest first

    def section_of(self, units: Mapping[str, str | None]) -> str | None:
        """The draft's section that cited units name, by heading or else by page; None when they name none for certain."""
        parts = [v.upper() for key in ("phan", "chuong", "muc", "tieumuc", "khoan", "diem") if (v := units.get(key))]
        for length in range(len(parts), 0, -1):
            if (ref := self.sections.get(".".join(parts[:length]))) is not None:
                return ref
        page = units.get("trang")
        return self._section_on_page(int(page)) if not parts and page and page.isdecimal() else None

    def _section_on_page(self, page: int) -> str | None:
        """The section that fills the page; None when another one starts there, for then the line decides."""
        if any(start == page for start, _ in self.pages):
            return None
        return next((ref for start, ref in reversed(self.pages) if start < page), None)

    def topics_of_section(self, ref: str) -> tuple[int, ...]:
        """Topic groups that the definition ties to a section or to what contains it; empty when none."""
        while ref:
            if ref in self.section_topics:
                return self.section_topics[ref]
            ref = ref.rpartition(".")[0]
        return ()


def build_model(consultation: Consultation) -> TopicModel:
    """The model of a definition; equal definitions give equal models and versions."""
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
    sections, named = _sections(consultation)
    topics_by_section: dict[str, tuple[int, ...]] = {}
    for topic in consultation.topic_groups:
        for ref in topic.sections:
            name = named[id(known[ref])]
            topics_by_section[name] = (*topics_by_section.get(name, ()), topic.code)
    pages = (
        sorted((s.page, named[id(s)]) for s in consultation.drafts[0].current.sections)
        if len(consultation.drafts) == 1
        else []
    )
    return TopicModel(
        version=_version(consultation),
        codes=tuple(topic.code for topic in consultation.topic_groups),
        phrases=phrases,
        terms=_bm25(documents),
        sections=sections,
        section_topics=topics_by_section,
        pages=tuple(pages),
        phrases_from=_by_first_word(phrases),
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
    return {
        words: dict.fromkeys(sorted(codes), (0.5 + 0.5 * len(words)) / len(codes)) for words, codes in owners.items()
    }


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    starts: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=lambda p: (-len(p), p)):
        starts.setdefault(phrase[0], []).append(phrase)
    return {word: tuple(found) for word, found in starts.items()}


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


def _version(consultation: Consultation) -> str:
    """Only what the model reads: a changed phone number does not make a new classifier."""
    read = consultation.model_dump(mode="json", include={"id", "drafts", "topic_groups"})
    digest = hashlib.sha256(json.dumps(read, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return f"day0-{CODE_VERSION}-{digest[:12]}"
