"""What day-0 classification knows of a consultation: its own words, as plain dictionaries that never change.

Everything is folded (no diacritics, lower case), so that text typed without diacritics is read as well as any other.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from types import MappingProxyType

from services.classify import elsewhere
from services.classify.drafts.index import Drafts
from services.classify.learning.artifact import Learned
from services.classify.lexicon import Lexicon, lexicon
from services.classify.packed import SideBySide
from services.classify.phrases import Phrase, Phrases
from services.classify.phrases import phrases as find_phrases
from services.classify.steps.view import Tables, tables, view
from services.classify.words import read_bare, read_marked, tokens, weighed
from shared.consultation import Consultation, Section
from shared.draft_text import DraftText
from shared.events import Stance, Term

CODE_VERSION = "7"  # grows with every change of rules that can change an answer
OUTSIDE = 0  # the code of opinions outside every topic group

Loud = tuple[float, int, str, Term]
"""What a term adds to a group's log-odds, negated; the group's code, the term, and the same as evidence."""

_K1, _B = 1.2, 0.5
BM25_LOG_ODDS = 0.22  # what a unit of `TopicModel.terms` adds to a group's log-odds
_MAX_PHRASE = 8  # tokens of the longest hint that is looked for
_WEIGHT_TITLE, _WEIGHT_HINT, _WEIGHT_DESCRIPTION, _WEIGHT_SECTION = 2.0, 1.0, 1.0, 0.5


def _spelling(hint: str) -> tuple[str, ...]:
    return tuple(read_marked(view(hint).plain))


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
    # Place of a code (that of OUTSIDE comes after the last), what the phrase adds to it.
    phrase_weights: Mapping[Phrase, tuple[tuple[int, float], ...]]
    written: Mapping[Phrase, str]  # hint -> as the definition writes it
    # `terms` and `phrases`, to be looked up; phrases in texts with diacritics and without.
    lexicon: Lexicon = field(compare=False)
    marked_phrases: Phrases = field(compare=False)
    bare_phrases: Phrases = field(compare=False)
    words: SideBySide = field(compare=False)  # of the lexicon and of the phrases with diacritics
    chunks: Tables = field(compare=False)  # with these words, for views
    # What terms add to the groups, the loudest first (none at 0); and for each code, by the terms' places in the lexicon,
    # where among them it is.
    spoken: Sequence[Loud] = field(compare=False)
    spoken_for: Mapping[int, Sequence[int]] = field(compare=False)
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
    known_words = lexicon(codes, terms)
    marked_phrases = find_phrases({words: {*map(_spelling, written[words])} for words in phrases}, read_marked)
    words = SideBySide(known_words.chunks, marked_phrases.chunks)
    spoken = _spoken(terms, BM25_LOG_ODDS * (learned.topics.scale if learned is not None else 1.0))
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
        phrase_weights=_placed(phrases, codes),
        written={words: hints[0] for words, hints in written.items()},
        lexicon=known_words,
        words=words,
        chunks=tables(words.__getitem__, learned.scorer.pack_chunk if learned is not None else None),
        marked_phrases=marked_phrases,
        bare_phrases=find_phrases({words: (words,) for words in phrases}, read_bare),
        spoken=spoken,
        spoken_for=_spoken_for(codes, terms, spoken),
        articles=any(
            (section.label or section.title).casefold().startswith("điều ")
            for draft in consultation.drafts
            for section in draft.current.sections
        ),
        drafts=Drafts.of(consultation, texts),
        learned=learned,
    )


def _terms_of(words: list[str]) -> list[str]:
    """Words worth weighing, and pairs of neighbours."""
    kept = weighed(words)
    return kept + [f"{a} {b}" for a, b in pairwise(kept)]


def _document(*parts: tuple[str, float]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text, weight in parts:
        for term in _terms_of(tokens(text)):
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


def _placed(
    phrases: Mapping[Phrase, Mapping[int, float]], codes: tuple[int, ...]
) -> dict[Phrase, tuple[tuple[int, float], ...]]:
    place = {code: at for at, code in enumerate((*codes, OUTSIDE))}
    return {phrase: tuple((place[code], weight) for code, weight in by.items()) for phrase, by in phrases.items()}


def _spoken(terms: Mapping[str, Mapping[int, float]], unit: float) -> list[Loud]:
    spoken = [
        (-weight * unit, code, term, Term(term=term, topic=code, weight=round(weight * unit, 3)))
        for term, by in terms.items()
        for code, weight in by.items()
        if weight
    ]
    spoken.sort(key=itemgetter(0, 1, 2))
    return [(0.0, OUTSIDE, "", Term(term="", topic=OUTSIDE, weight=0.0)), *spoken]


def _spoken_for(codes: Iterable[int], terms: Iterable[str], spoken: Sequence[Loud]) -> dict[int, list[int]]:
    at = {(code, term): place for place, (_, code, term, _) in enumerate(spoken)}
    return {code: [at.get((code, term), 0) for term in terms] for code in codes}


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
