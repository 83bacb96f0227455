"""Form letters: submissions most of whose words are those of one earlier submission. Text only, never who wrote."""

from collections import Counter
from collections.abc import Sequence

from services.classify.near.records import submission_of
from shared.events import Opinion

_LEAST = 60  # characters of twins below which it is a common sentence, not a letter
_SHARE = 0.5


def campaign(submission_id: str, opinions: Sequence[Opinion]) -> str | None:
    """The submission whose opinions this one repeats with more than half of its characters; None: it is a letter of its own."""
    repeated: Counter[str] = Counter()
    for opinion in opinions:
        if opinion.same_as is not None:
            repeated[submission_of(opinion.same_as)] += opinion.end - opinion.start
    repeated.pop(submission_id, None)
    if not repeated:
        return None
    first, characters = min(repeated.items(), key=lambda item: (-item[1], item[0]))
    total = sum(opinion.end - opinion.start for opinion in opinions)
    return first if characters >= _LEAST and characters > _SHARE * total else None
