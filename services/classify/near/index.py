"""Links the opinions of a batch to the first ones that said the same; for several replicas at once, over the store alone.

Per batch and collection one read and one write; a batch of exact copies costs one read. Exact copies never have two heads: the
first to insert the text key is the head, whoever computed first. Two texts that are only nearly the same and first seen by two
replicas in the same moment may become two heads, each with its own later twins: linked less than could be, counted the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.classify.aside import aside
from services.classify.near.campaign import campaign
from services.classify.near.choose import Cut, Verdict, choose, cut
from services.classify.near.pieces import Reread, in_pieces
from services.classify.near.records import (
    BANDS,
    HEADS,
    TEXTS,
    band_document,
    head_document,
    key_of,
    text_document,
)
from services.classify.near.signature import bands
from services.classify.near.verify import Words
from shared.events import Outcome, SubmissionClassified
from shared.store.port import DocumentStore, Stored
from shared.text import fold


@dataclass(frozen=True)
class _Text:
    """One opinion to link. A submission that only repeats its sender's words follows heads and is none."""

    key: str
    consultation: str
    opinion_id: str
    text: str
    heads: bool


@dataclass(frozen=True)
class _New:
    """A text nobody has seen, ready to be compared."""

    text: _Text
    words: Words
    bands: tuple[str, ...]


class Twins:
    """Holds nothing but the store."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def link(
        self, decided: Sequence[SubmissionClassified], reread: Reread | None = None
    ) -> list[SubmissionClassified]:
        """The same events with twins linked, form letters cut from their signatories' own sentences, and campaigns named.

        Without `reread` nothing is cut. Linking a submission again gives the same answer. Raises Transient when the store is away.
        """
        texts = [text for event in decided for text in _texts(event)]
        verdicts, cuts, whole = await self._resolved(texts, may_cut=reread is not None)
        if cuts and reread is not None:
            anew, whole_letters = reread, decided
            decided = await aside(
                _size(texts), lambda: [in_pieces(event, verdicts, cuts, anew) for event in whole_letters]
            )
            known = {text.opinion_id for text in texts}
            whole += [text for event in decided for text in _texts(event) if text.opinion_id not in known]
        while whole:
            found, _, whole = await self._resolved(whole, may_cut=False)
            verdicts |= found
        return [_linked(event, verdicts) for event in decided]

    async def _resolved(
        self, texts: Sequence[_Text], *, may_cut: bool
    ) -> tuple[dict[str, Verdict], dict[str, Cut], list[_Text]]:
        """Opinion id -> the head it follows, how to cut those that hold more than their head's words, and those to link whole:

        the same words as one that was cut, but written so (without stops) that this one cannot be.
        """
        if not texts:
            return {}, {}, []
        known = {
            key: _verdict(stored)
            for key, stored in (await self._store.get_many(TEXTS, sorted({text.key for text in texts}))).items()
        }
        first: dict[str, _Text] = {}
        for text in texts:
            if text.heads and (text.key not in known or known[text.key].head == text.opinion_id):
                # A head that comes again: a crash may have kept its bands from being stored.
                first.setdefault(text.key, text)
        heads: dict[str, Words] = {}
        if first:
            fresh = await aside(_size(first.values()), lambda: [_new(text) for text in first.values()])
            known |= await self._settled(fresh, known, heads, may_cut=may_cut)
        if missing := {v.head for v in known.values() if v.mixed} - set(heads):
            heads |= _words(await self._store.get_many(HEADS, sorted(missing)))
        mixed = [text for text in texts if text.key in known and known[text.key].mixed]
        return await aside(_size(mixed), lambda: _followed(texts, known, heads, may_cut=may_cut))

    async def _settled(
        self, fresh: Sequence[_New], known: Mapping[str, Verdict], heads: dict[str, Words], *, may_cut: bool
    ) -> dict[str, Verdict]:
        """Decides in order, each text knowing those before it, and stores; what another replica stored first holds."""
        slots = await self._store.get_many(BANDS, sorted({key for new in fresh for key in new.bands}))
        owners = {key: str(stored.doc["head"]) for key, stored in slots.items()}
        held = await self._store.get_many(HEADS, sorted(set(owners.values())))
        heads |= _words(held)
        dead = {id_ for id_, stored in held.items() if "words" not in stored.doc}
        free = {key for key, owner in owners.items() if owner in dead}
        owners = {key: owner for key, owner in owners.items() if owner not in dead}
        found, own = await aside(
            _size(new.text for new in fresh), lambda: _chosen(fresh, known, heads, owners, may_cut=may_cut)
        )
        found |= await self._stored({key: found[key] for key in own})
        # A head of this batch whose exact copy was first elsewhere heads nobody: its twins follow that one's head.
        moved = {new.text.opinion_id: found[key].head for key, new in own.items()}
        rest = {key: replace(v, head=moved.get(v.head, v.head)) for key, v in found.items() if key not in own}
        found |= await self._stored(rest)
        await self._keep([new for key, new in own.items() if found[key].head == new.text.opinion_id], free, slots)
        return found

    async def _stored(self, verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
        """What holds for these texts now."""
        if not verdicts:
            return {}
        taken = await self._store.insert_many_once(
            TEXTS, {key: text_document(v.head, v.similarity, v.mixed) for key, v in verdicts.items()}
        )
        late = await self._store.get_many(TEXTS, sorted(set(verdicts) - taken)) if len(taken) < len(verdicts) else {}
        return dict(verdicts) | {key: _verdict(stored) for key, stored in late.items()}

    async def _keep(self, heads: Iterable[_New], free: set[str], slots: Mapping[str, Stored]) -> None:
        """Words before bands: a band never leads to a head whose words are still to come. Bands of the forgotten are taken over."""
        kept = {new.text.opinion_id: new for new in heads if new.bands}
        if not kept:
            return
        await self._store.insert_many_once(
            HEADS, {id_: head_document(new.text.consultation, new.words.folded) for id_, new in kept.items()}
        )
        claims: dict[str, str] = {}
        for id_, new in kept.items():
            for key in new.bands:
                claims.setdefault(key, id_)
        await self._store.insert_many_once(
            BANDS, {key: band_document(id_) for key, id_ in claims.items() if key not in slots}
        )
        for key in sorted(free & set(claims)):
            await self._store.replace_if(BANDS, key, slots[key].version, band_document(claims[key]))


def _followed(
    texts: Iterable[_Text], known: Mapping[str, Verdict], heads: Mapping[str, Words], *, may_cut: bool
) -> tuple[dict[str, Verdict], dict[str, Cut], list[_Text]]:
    """As `Twins._resolved` answers."""
    verdicts: dict[str, Verdict] = {}
    cuts: dict[str, Cut] = {}
    whole: list[_Text] = []
    for text in texts:
        verdict = known.get(text.key)
        if verdict is None or verdict.head == text.opinion_id:
            continue
        if not verdict.mixed:
            verdicts[text.opinion_id] = verdict
        elif may_cut and verdict.head in heads and (taken := cut(text.text, heads[verdict.head])) is not None:
            verdicts[text.opinion_id] = replace(verdict, similarity=taken.similarity)
            cuts[text.opinion_id] = taken
        else:
            whole.append(replace(text, key=f"{text.key}:whole"))
    return verdicts, cuts, whole


def _chosen(
    fresh: Iterable[_New],
    known: Mapping[str, Verdict],
    heads: dict[str, Words],
    owners: dict[str, str],
    *,
    may_cut: bool,
) -> tuple[dict[str, Verdict], dict[str, _New]]:
    """What each follows, by its key, and those that follow themselves: `heads` and `owners` of bands grow by these."""
    found: dict[str, Verdict] = {}
    own: dict[str, _New] = {}
    for new in fresh:
        id_ = new.text.opinion_id
        verdict = known.get(new.text.key)
        if verdict is None:
            ids = {owners[key] for key in new.bands if key in owners} & set(heads)
            verdict = choose(new.text.text, new.words, {head: heads[head] for head in sorted(ids)}, may_cut=may_cut)
        found[new.text.key] = verdict or Verdict(id_, 1.0)
        if verdict is None or verdict.head == id_:
            own[new.text.key] = new
            if new.bands:
                heads[id_] = new.words
            for key in new.bands:
                owners.setdefault(key, id_)
    return found, own


def _size(texts: Iterable[_Text]) -> int:
    return sum(len(text.text) for text in texts)


def _texts(event: SubmissionClassified) -> list[_Text]:
    if event.outcome not in {Outcome.COUNTED, Outcome.DUPLICATE}:
        return []
    keys = ((key_of(event.consultation, opinion), opinion) for opinion in event.opinions)
    counted = event.outcome is Outcome.COUNTED
    return [_Text(key, event.consultation, o.opinion_id, o.text, counted) for key, o in keys if key is not None]


def _new(text: _Text) -> _New:
    words = Words(fold(text.text))
    return _New(text, words, bands(text.consultation, words.order, words.told))


def _verdict(stored: Stored) -> Verdict:
    doc = stored.doc
    return Verdict(str(doc["head"]), float(str(doc["similarity"])), bool(doc.get("mixed", False)))


def _words(stored: Mapping[str, Stored]) -> dict[str, Words]:
    return {id_: Words(str(one.doc["words"])) for id_, one in stored.items() if "words" in one.doc}


def _linked(event: SubmissionClassified, verdicts: Mapping[str, Verdict]) -> SubmissionClassified:
    if not any(opinion.opinion_id in verdicts for opinion in event.opinions):
        return event
    opinions = tuple(
        opinion
        if (verdict := verdicts.get(opinion.opinion_id)) is None
        else opinion.model_copy(update={"same_as": verdict.head, "similarity": verdict.similarity})
        for opinion in event.opinions
    )
    named = campaign(event.submission_id, opinions)
    return event.model_copy(update={"opinions": opinions, "campaign": named})
