"""What of the citizens' words is quoted: exact, in order of arrival, personal data masked, nothing else changed."""

from collections import Counter
from collections.abc import Iterable, Sequence

from services.report.figures.rows import OpinionRow
from services.report.model import Quote
from shared.events import Stance

MASK = "[…]"
PER_STANCE = 10  # of one topic group in one report; the annex holds them all


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with every span replaced by `[…]`; overlapping and touching spans become one mask."""
    out: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start > at or not out:
            out.extend((text[at:start], MASK))
        at = end
    out.append(text[at:])
    return "".join(out)


def quote(opinions: Sequence[OpinionRow], *, per_stance: int = PER_STANCE) -> tuple[tuple[Quote, ...], int]:
    """The quotes of one topic group and how many more opinions the annex holds.

    Each stance has the same room, so praise in bulk cannot push criticism out. A text that came word for word before
    (a form letter) is quoted once, with the number of its opinions. What was taken back is never quoted.
    """
    first: dict[tuple[Stance, str], OpinionRow] = {}
    times: Counter[tuple[Stance, str]] = Counter()
    for opinion in opinions:
        if opinion.withdrawn:
            continue
        key = (opinion.stance, mask(opinion.text, opinion.pii))
        first.setdefault(key, opinion)
        times[key] += 1
    room: Counter[Stance] = Counter()
    quotes: list[Quote] = []
    for (stance, text), opinion in first.items():
        room[stance] += 1
        if room[stance] <= per_stance:
            quotes.append(
                Quote(
                    opinion_id=opinion.opinion_id,
                    submission_id=opinion.submission_id,
                    text=text,
                    stance=stance,
                    places=opinion.places,
                    times=times[stance, text],
                )
            )
    return tuple(quotes), len(opinions) - sum(quote.times for quote in quotes)
