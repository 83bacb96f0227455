"""After a rebuild: what no fold can do, because it needs to look."""

from services.classify import withdrawal
from services.classify.corrections import store as corrections
from services.classify.corrections.apply import follows
from services.classify.corrections.effective import Label, effective
from services.classify.projection import RESULTS, REVIEWS, SOURCES, result_document, result_of, review_of
from services.classify.results import known
from shared.events import Opinion
from shared.store.port import After, DocumentStore


async def restore(store: DocumentStore) -> None:
    """Keeps of each result its highest revision, erases withdrawn words, and works out the corrections anew."""
    await _compact(store)
    await withdrawal.erase_all(store)
    await _corrections(store)


async def _compact(store: DocumentStore) -> None:
    after: After | None = None
    while True:
        page = await store.scan(SOURCES, "by_consultation", after=after)
        for id_, held in (await store.get_many(RESULTS, [item.id for item in page.items])).items():
            if len(held.doc) > 1:
                await store.replace_if(RESULTS, id_, held.version, result_document(result_of(held.doc)))
        if page.next is None:
            return
        after = page.next


async def _corrections(store: DocumentStore) -> None:
    """What people made of each opinion is what its result names: a decision that was refused, or whose result is still to come, is not.

    Those that no result follows (yet) come to nothing.
    """
    after: After | None = None
    done: str | None = None
    while True:
        page = await store.scan(REVIEWS, "by_opinion", after=after)
        for item in page.items:
            review = review_of(item.doc)
            if review.opinion_id == done:
                continue
            done = review.opinion_id
            result = (await known(store, [review.submission_id])).get(review.submission_id)
            opinion = next((o for o in result.opinions if o.opinion_id == done), None) if result else None
            if result is not None and opinion is not None:
                found = await _followed(store, opinion)
                if found is not None:
                    await corrections.remember(store, result.consultation, opinion, found)
        if page.next is None:
            return
        after = page.next


async def _followed(store: DocumentStore, opinion: Opinion) -> Label | None:
    """The label of its own that an opinion follows; the decisions after it have not had their effect."""
    reviews = await corrections.reviews_of(store, opinion.opinion_id)
    named = opinion.evidence.review_id if opinion.evidence is not None else None
    held = [review for review in reviews if review.review_id == named]
    upto = [r for r in reviews if held and (r.reviewed_at, r.review_id) <= (held[0].reviewed_at, held[0].review_id)]
    found = effective(upto)
    return found if isinstance(found, Label) and follows(opinion, found) else None
