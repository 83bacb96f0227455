"""(facts before T, period, consultation) -> Report. Pure: the same arguments give the same report, byte for byte.

Counting policy (docs/decisions/2026-11-22-counting.md): the reconciliation covers every received submission; the
totals of opinions leave out the channels that another body counts, which are listed beside them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from services.report.calendar.periods import Period
from services.report.figures.aggregates import Batch, aggregates
from services.report.figures.annex import annex, left_over, unread_files
from services.report.figures.bare_stances import stance_places
from services.report.figures.labels import Labels, labels_of, topic_titles
from services.report.figures.method import method
from services.report.figures.places import Place
from services.report.figures.quotes import quote
from services.report.figures.rows import Facts, OpinionRow, Submission
from services.report.figures.tables import days, stance_counts, tally
from services.report.figures.twins import campaigns, uniqueness
from services.report.figures.wording import wording
from services.report.model import Heading, Report, Tally, TopicSection
from shared.consultation import Consultation
from shared.events import Outcome, Reconciliation, Stance, WindowMark

Kind = Literal["weekly", "final", "adhoc"]


@dataclass(frozen=True)
class View:
    """The facts seen from one period: what is new in it, what was there before, what is in the totals."""

    facts: Facts
    start: datetime | None
    labels: Labels

    def is_new(self, at: datetime) -> bool:
        """Whether an instant (before as_of, as all facts are) lies in the period."""
        return self.start is None or at >= self.start

    @cached_property
    def new_submissions(self) -> tuple[Submission, ...]:
        """Received in the period."""
        return tuple(s for s in self.facts.submissions if self.is_new(s.stored_at))

    @cached_property
    def counted(self) -> tuple[OpinionRow, ...]:
        """The opinions that are in the totals, cumulative."""
        return tuple(o for o in self.facts.opinions if o.outcome is Outcome.COUNTED and self.labels.counts(o.channel))

    @cached_property
    def new_counted(self) -> tuple[OpinionRow, ...]:
        """Those of them that entered the totals in the period."""
        return tuple(o for o in self.counted if self.entered(o.submission_id))

    def entered(self, submission_id: str) -> bool:
        """Whether the submission was first decided on in the period; a later revision does not move it."""
        return self.is_new(self.facts.decided[submission_id].first_at)

    @cached_property
    def bare_stances(self) -> tuple[tuple[str, Place, Stance], ...]:
        """(submission, draft or section, stance) of what was given by button, without a text, cumulative."""
        decisions = (d.decision for d in self.facts.decided.values())
        return tuple(
            (d.submission_id, self.labels.places.of(d.draft_id, d.section_ref), d.stance)
            for d in decisions
            if d.stance is not None and self.labels.counts(d.channel or "")
        )

    @cached_property
    def carried_over(self) -> int:
        """Received before the period and still pending at its start."""
        return sum(1 for s in self.facts.submissions if not self.is_new(s.stored_at) and self._open_at_start(s))

    def _open_at_start(self, submission: Submission) -> bool:
        decided = self.facts.decided.get(submission.submission_id)
        return decided is None or self.is_new(decided.first_at)

    def reconciliation(self, *, period_only: bool) -> Reconciliation:
        """Each state counted on its own (see reconcile.py)."""
        decided = [d for d in self.facts.decided.values() if not period_only or self.is_new(d.first_at)]
        outcomes = Counter(d.decision.outcome for d in decided)
        received = len(self.new_submissions) + self.carried_over if period_only else len(self.facts.submissions)
        return Reconciliation(
            received=received,
            pending=sum(1 for s in self.facts.submissions if s.submission_id not in self.facts.decided),
            counted=outcomes[Outcome.COUNTED],
            duplicate=outcomes[Outcome.DUPLICATE],
            unreadable=outcomes[Outcome.UNREADABLE],
            referred=outcomes[Outcome.REFERRED],
        )


def make_report(
    facts: Facts,
    *,
    report_id: str,
    kind: Kind,
    consultation: Consultation,
    period: Period,
    as_of: datetime,
    elsewhere: Sequence[Batch] = (),
) -> Report:
    """The report of a period as of an instant. `facts` and the counts made `elsewhere` must be those before that instant."""
    labels = labels_of(consultation)
    view = View(facts, period.start, labels)
    zone = ZoneInfo(consultation.report.zone)
    total = tuple(s for s in facts.submissions if labels.counts(s.channel))
    new = tuple(s for s in view.new_submissions if labels.counts(s.channel))

    def by(
        names: Mapping[str, str],
        of_submission: Callable[[Submission], str | None],
        of_opinion: Callable[[OpinionRow], str | None],
    ) -> tuple[Tally, ...]:
        return tally(
            names,
            (map(of_submission, new), map(of_submission, total)),
            (map(of_opinion, view.new_counted), map(of_opinion, view.counted)),
        )

    listed = [o for o in facts.opinions if o.outcome is Outcome.COUNTED]
    return Report(
        report_id=report_id,
        consultation=consultation.id,
        title=consultation.title,
        short_title=consultation.short_title,
        heading=heading(consultation),
        kind=kind,
        period=None if kind == "adhoc" else period.number,
        period_start=period.shown_start(consultation.window.opens, as_of),
        as_of=as_of,
        zone=consultation.report.zone,
        cutoff_seq=facts.cutoff_seq,
        window_opens=consultation.window.opens,
        window_closes=consultation.window.closes,
        drafts=tuple(draft.title for draft in consultation.drafts),
        cumulative=view.reconciliation(period_only=False),
        carried_over=view.carried_over,
        in_period=view.reconciliation(period_only=True),
        opinions=len(view.new_counted),
        opinions_cumulative=len(view.counted),
        not_included=sum(1 for s in facts.submissions if not labels.counts(s.channel)),
        outside_window=sum(1 for s in facts.submissions if s.window is not WindowMark.INSIDE),
        channels=tuple(
            row.model_copy(update={"included": labels.counts(row.key)})
            for row in tally(
                labels.channels,
                ((s.channel for s in view.new_submissions), (s.channel for s in facts.submissions)),
                ((o.channel for o in listed if view.entered(o.submission_id)), (o.channel for o in listed)),
            )
        ),
        groups=by(labels.groups, lambda s: s.group, lambda o: o.group),
        units=by(labels.units, lambda s: s.unit, lambda o: o.unit),
        localities=by(labels.localities, lambda s: s.locality, lambda o: o.locality),
        days=days(total, view.counted, zone),
        stances=stance_counts(view.new_counted, view.counted),
        topics=tuple(
            topic_section(code, title, view)
            for code, title in topic_titles(labels, {o.topic for o in view.counted}).items()
        ),
        annex=annex(facts, labels, view.entered),
        left_over=left_over(facts, labels),
        bare_stances=stance_places(
            labels.places,
            [(place, stance) for id_, place, stance in view.bare_stances if view.entered(id_)],
            [(place, stance) for _, place, stance in view.bare_stances],
        ),
        aggregates=aggregates(elsewhere, labels.places, {c.id: c.name for c in consultation.channels}),
        unread_files=unread_files(facts, labels),
        withdrawn=len(facts.withdrawn),
        method=method(facts, listed, consultation.review),
        uniqueness=uniqueness([s for s in total if _is_counted(facts, s)], view.counted),
        campaigns=campaigns(facts, view.counted),
        wording=wording(view.counted, {d.id: d.title for d in consultation.drafts}),
        petitions=sum(o.petition_suspected for o in view.counted),
        general=sum(o.general for o in view.counted),
        classifier=", ".join(sorted({d.decision.classifier for d in facts.decided.values()})),
    )


def _is_counted(facts: Facts, submission: Submission) -> bool:
    decided = facts.decided.get(submission.submission_id)
    return decided is not None and decided.decision.outcome is Outcome.COUNTED


def topic_section(code: int, title: str, view: View) -> TopicSection:
    """One topic group; an opinion stands under its first topic only."""
    new: Sequence[OpinionRow] = [o for o in view.new_counted if o.topic == code]
    total = [o for o in view.counted if o.topic == code]
    quotes, left_out = quote(new)
    return TopicSection(
        code=code,
        title=title,
        opinions=len(new),
        opinions_cumulative=len(total),
        also_mentioned=sum(1 for o in view.counted if o.second_topic == code),
        stances=stance_counts(new, total),
        quotes=quotes,
        quotes_left_out=left_out,
    )


def heading(consultation: Consultation) -> Heading:
    """The official heading and signature block of the issuing body."""
    issuer = consultation.issuer
    return Heading(
        style=issuer.style,
        parent=issuer.parent,
        issuer=issuer.name,
        symbol=issuer.report_symbol,
        place=issuer.place,
        authority=issuer.authority,
        post=issuer.post,
        addressees=issuer.addressees,
        distribution_list=issuer.distribution_list,
    )
