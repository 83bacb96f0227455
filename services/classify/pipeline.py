"""Text -> opinions, pure: the same text and model give the same answer, on any machine, in linear time."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, islice
from typing import NamedTuple

from services.classify.model import Correction, TopicModel
from services.classify.steps.citing.cites import cites
from services.classify.steps.editing.edits import edits
from services.classify.steps.language import language
from services.classify.steps.personal.personal_data import personal_data
from services.classify.steps.petition import petitions
from services.classify.steps.splitting.split import AsideKind, split_all
from services.classify.steps.stances.general import is_general
from services.classify.steps.stances.stance import stance
from services.classify.steps.topics import Topics, topics_of
from services.classify.steps.view import Span, View, view
from services.classify.unchecked import unchecked
from shared.events import Cite, Edit, Evidence, Opinion, SetAside, Stance
from shared.text import fold, join_folded

_SHORT = 1000  # code points
_AT_ONCE = (
    200_000  # code points: beside a batch of the longest letters, read all at once, nothing else would fit into memory
)


class TextRead(NamedTuple):
    """What a text holds: its opinions in order, and what was set aside. Together they cover all but white space."""

    opinions: tuple[Opinion, ...]
    set_aside: tuple[SetAside, ...]


_Piece = tuple[View, int, int, str, str | None, Stance | None]
"""A span of a view, an opinion to be read; its id, the section it was written about, and the stance its writer chose."""


class Letter(NamedTuple):
    """A text to be read. `section_ref`: the section it was written about; `given`: the stance its writer chose, never overridden.

    Its opinions' ids will be `{id_prefix}-1`, `-2`, ...
    """

    text: str
    id_prefix: str
    section_ref: str | None = None
    given: Stance | None = None


def classify_text(
    text: str, model: TopicModel, *, id_prefix: str, section_ref: str | None = None, given: Stance | None = None
) -> TextRead:
    """The opinions of a text, in order, as exact spans; none when it holds nothing but white space. See `Letter`."""
    return classify_texts([Letter(text, id_prefix, section_ref, given)], model)[0]


def classify_texts(letters: Sequence[Letter], model: TopicModel) -> list[TextRead]:
    """What each of these holds, in their order: the same as one by one, and sooner.

    Each step goes over all of them before the next begins: what it needs is then at hand for a processor. Of long letters only a few
    are read together.
    """
    if sum([len(letter.text) for letter in letters]) > _AT_ONCE:
        return [*chain.from_iterable(_together(few, model) for few in _parcels(letters))]
    return _together(letters, model)


def _parcels(letters: Sequence[Letter]) -> Iterator[Sequence[Letter]]:
    """The letters in order, some at a time: no more than `_AT_ONCE` code points, or a single letter."""
    start = held = 0
    for at, letter in enumerate(letters):
        if start < at and held + len(letter.text) > _AT_ONCE:
            yield letters[start:at]
            start, held = at, 0
        held += len(letter.text)
    yield letters[start:]


def _together(letters: Sequence[Letter], model: TopicModel) -> list[TextRead]:
    views = [view(letter.text, model.chunks) for letter in letters]
    parts = split_all(views)
    opinions = iter(
        _read(
            [
                (seen, first, last, f"{id_prefix}-{number}", section_ref, given)
                for (_, id_prefix, section_ref, given), seen, (spans, _) in zip(letters, views, parts, strict=True)
                for number, (first, last) in enumerate(spans, start=1)
            ],
            model,
        )
    )
    return [
        TextRead(tuple(islice(opinions, len(spans))), tuple([_aside(seen, *its) for its in gaps]) if gaps else ())
        for seen, (spans, gaps) in zip(views, parts, strict=True)
    ]


def read_piece(
    seen: View,
    span: Span,
    model: TopicModel,
    *,
    opinion_id: str,
    section_ref: str | None = None,
    given: Stance | None = None,
) -> Opinion:
    """One opinion whose span (code points of `seen.text`) is settled already, read in the sight of the whole text."""
    return read_pieces(seen, {opinion_id: span}, model, section_ref=section_ref, given=given)[0]


def read_pieces(
    seen: View,
    spans: Mapping[str, Span],
    model: TopicModel,
    *,
    section_ref: str | None = None,
    given: Stance | None = None,
) -> list[Opinion]:
    """Opinions of one text, by their ids, as `read_piece` reads each."""
    if seen.whole < 0:
        seen.listen()
    pieces = [(seen, *_in_view(seen, span), id_, section_ref, given) for id_, span in spans.items()]
    read = zip(_read(pieces, model), spans.values(), strict=True)
    return [
        opinion
        if (opinion.start, opinion.end) == span
        else opinion.model_copy(update={"start": span[0], "end": span[1]})
        for opinion, span in read
    ]


def _in_view(seen: View, span: Span) -> Span:
    if seen.offsets is None:
        return span
    return bisect_left(seen.offsets, span[0]), bisect_left(seen.offsets, span[1])


def text_key(text: str) -> str:
    """32 hex digits, the same for the same folded words."""
    return _digest(fold(text))


def _key(seen: View, first: int, last: int, text: str) -> str:
    """`text_key(text)`, from words that are at hand: capitals make no difference to folding."""
    if seen.accented and seen.offsets is None and last - first <= _SHORT:
        return _digest(join_folded(seen.read(first, last)[1]))
    return text_key(text)


def _digest(folded: str) -> str:
    return sha256(folded.encode()).hexdigest()[:32]


def _as_decided(correction: Correction) -> Topics:
    """A person's decision about the same words."""
    return Topics(correction.topics, 1.0, Evidence(by="correction", review_id=correction.review_id))


def _groups(
    pieces: Sequence[_Piece],
    named: Sequence[Sequence[Cite]],
    decided: Sequence[Correction | None],
    model: TopicModel,
) -> list[Topics]:
    """The topic groups of all pieces: what people decided about the same words, else what the words say."""
    undecided = [
        (seen, first, last, _about(section_ref, cited, model) if cited or section_ref is not None else ())
        for (seen, first, last, _, section_ref, _), cited, its in zip(pieces, named, decided, strict=True)
        if its is None
    ]
    read = topics_of(undecided, model)
    if len(read) == len(pieces):
        return read
    told = iter(read)
    return [next(told) if its is None else _as_decided(its) for its in decided]


def _stance(piece: _Piece, decided: Correction | None, changes: Sequence[Edit]) -> Stance:
    """What the respondent chose, else what people decided about the same words, else what the words say."""
    seen, first, last, _, _, given = piece
    if given is not None:
        return given
    if decided is not None and decided.stance is not None:
        return decided.stance
    return stance(seen, first, last, changes)


def _text(seen: View, first: int, last: int) -> tuple[int, int, str]:
    """Where a span stands in what was written, and what is written there."""
    start, end = (first, last) if seen.offsets is None else seen.original(first, last)
    return start, end, seen.text[start:end]


def _about(section_ref: str | None, named: Sequence[Cite], model: TopicModel) -> Sequence[str]:
    """The sections a piece cites, and the one that it was written about."""
    about = [ref for cite in named if (ref := cite.units.get("section")) is not None]
    if section_ref is not None and (ref := model.sections.get(section_ref.upper())) is not None:
        about.append(ref)
    return about


def _aside(seen: View, kind: AsideKind, start: int, end: int) -> SetAside:
    begin, stop = seen.original(start, end)
    return unchecked(SetAside, {"kind": kind, "start": begin, "end": stop})


def _read(pieces: Sequence[_Piece], model: TopicModel) -> list[Opinion]:
    """Step by step, each over all pieces."""
    drafts, spans = model.drafts, [(seen, first, last) for seen, first, last, _, _, _ in pieces]
    texts = [_text(seen, first, last) for seen, first, last in spans]
    keys = [_key(seen, first, last, text) for (seen, first, last), (_, _, text) in zip(spans, texts, strict=True)]
    named = [cites(seen, first, last, model, drafts.draft_of(section)) for seen, first, last, _, section, _ in pieces]
    asked = [
        edits(seen, first, last, drafts, cited, section)
        for (seen, first, last, _, section, _), cited in zip(pieces, named, strict=True)
    ]
    decided = [*map(model.corrections.get, keys)] if model.corrections else [None] * len(keys)
    groups = _groups(pieces, named, decided, model)
    attitudes = [_stance(piece, its, changes) for piece, its, changes in zip(pieces, decided, asked, strict=True)]
    tongues = [language(seen, first, last) for seen, first, last in spans]
    hidden = [personal_data(seen, first, last) for seen, first, last in spans]
    suspected = petitions(spans)
    general = [
        is_general(seen, first, last, cited, changes, attitude)
        for (seen, first, last), cited, changes, attitude in zip(spans, named, asked, attitudes, strict=True)
    ]
    return [
        unchecked(
            Opinion,
            {
                "opinion_id": opinion_id,
                "text": text,
                "start": start,
                "end": end,
                "topics": codes,
                "confidence": confidence,
                "stance": attitude,
                "cites": cited,
                "edits": changes,
                "language": tongue,
                "pii": masked,
                "petition_suspected": petition,
                "general": of_all,
                "text_key": key,
                "same_as": None,
                "similarity": None,
                "review": (),
                "evidence": evidence,
            },
        )
        for (_, _, _, opinion_id, _, _), (start, end, text), (
            codes,
            confidence,
            evidence,
        ), attitude, cited, changes, tongue, masked, petition, of_all, key in zip(
            pieces, texts, groups, attitudes, named, asked, tongues, hidden, suspected, general, keys, strict=True
        )
    ]
