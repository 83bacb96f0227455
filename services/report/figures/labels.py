"""What codes are called in Vietnamese, from the consultation's own definition; an unknown code is shown as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.report.documents import typography
from services.report.documents.typography import capital
from services.report.figures.places import Places, places_of
from shared.consultation import Consultation
from shared.events import Stance

OUTSIDE = "Ngoài các nhóm vấn đề"
NOT_DECLARED = "Không ghi thông tin"
NOT_INCLUDED = "{name} (không cộng vào tổng số)"
# The same words as in the documents, standing alone.
STANCES: Mapping[Stance, str] = {stance: capital(words) for stance, words in typography.STANCES.items()}
STATES: Mapping[str, str] = {state: capital(words) for state, words in typography.STATES.items()}


@dataclass(frozen=True)
class Labels:
    """Code -> name, in the order of the definition."""

    topics: Mapping[int, str]
    channels: Mapping[str, str]
    groups: Mapping[str, str]
    units: Mapping[str, str]
    localities: Mapping[str, str]
    listed_only: frozenset[str]
    places: Places

    def counts(self, channel: str) -> bool:
        """Whether what came through this channel is added to the totals; an unknown one is, so nothing gets lost."""
        return channel not in self.listed_only


def labels_of(consultation: Consultation) -> Labels:
    """The labels of one consultation."""
    listed_only = frozenset(c.id for c in consultation.channels if not c.included)
    return Labels(
        topics={t.code: t.title for t in sorted(consultation.topic_groups, key=lambda t: t.code)} | {0: OUTSIDE},
        channels={c.id: c.name if c.included else NOT_INCLUDED.format(name=c.name) for c in consultation.channels},
        groups={g.code: g.name for g in consultation.respondent_groups},
        units={u.id: u.name for u in consultation.units},
        localities={place.code: place.name for place in consultation.localities},
        listed_only=listed_only,
        places=places_of(consultation),
    )


def topic_titles(labels: Labels, seen: Iterable[int]) -> dict[int, str]:
    """All topic groups in order, then codes the definition no longer knows, 'outside' last: the sums agree."""
    known = {code: title for code, title in labels.topics.items() if code != 0}
    gone = {code: f"Nhóm vấn đề số {code}" for code in sorted(set(seen) - set(labels.topics))}
    return known | gone | {0: labels.topics[0]}
