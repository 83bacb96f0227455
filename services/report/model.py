"""A report as data: everything the documents show, nothing they have to work out.

`figures.py` makes it, `documents/` draws it.

Every number is a count over submissions or opinions that the annex lists; every quote is an exact substring of a stored
submission, with personal data masked and nothing else changed.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from shared.events import Frozen, Outcome, Reading, Reconciliation, ReviewReason, Stance, WindowMark


class Tally(Frozen):
    """One row of a table: submissions (lượt góp ý) and opinions (ý kiến), in the period and cumulative (lũy kế)."""

    key: str
    label: str
    submissions: int = 0
    opinions: int = 0
    submissions_cumulative: int = 0
    opinions_cumulative: int = 0
    included: bool = True  # False: a channel that another body counts; listed, not added to the sum


class StanceCount(Frozen):
    """Opinions of one stance, in the period and cumulative."""

    stance: Stance
    opinions: int = 0
    opinions_cumulative: int = 0


class StanceCountBare(Frozen):
    """Submissions of one stance that hold no text, in the period and cumulative."""

    stance: Stance
    submissions: int = 0
    submissions_cumulative: int = 0


class StancePlace(Frozen):
    """Stances given by button on one draft, or one section of it."""

    label: str
    stances: tuple[StanceCountBare, ...]
    submissions: int = 0
    submissions_cumulative: int = 0


class Span(Frozen):
    """`[start, end)`."""

    start: AwareDatetime
    end: AwareDatetime


class AggregateLine(Frozen):
    """What another body counted for one draft or section and one stance; `stance` None: none was chosen."""

    label: str
    stance: Stance | None
    submissions: int
    with_text: int | None = None  # None: not told


class Aggregate(Frozen):
    """Figures that another body counted by itself: beside ours, never added to them."""

    channel: str  # label
    counted_by: str
    batches: int
    periods: tuple[Span, ...]
    lines: tuple[AggregateLine, ...]
    submissions: int


class Quote(Frozen):
    """An opinion quoted in the report, traceable by its ids."""

    opinion_id: str
    submission_id: str
    text: str
    stance: Stance
    places: tuple[str, ...] = ()  # as the respondent cited them
    times: int = 1  # opinions of the period that say exactly this (form letters are quoted once)


class TopicSection(Frozen):
    """One topic group: every opinion stands under exactly one (its first topic), so the sums agree."""

    code: int  # 0: outside the topic groups
    title: str
    opinions: int = 0
    opinions_cumulative: int = 0
    also_mentioned: int = 0  # opinions of other groups that have this one as their second topic, cumulative
    stances: tuple[StanceCount, ...] = ()
    quotes: tuple[Quote, ...] = ()  # of the period, in the order of their arrival
    quotes_left_out: int = 0  # how many more the annex holds


class Day(Frozen):
    """One day of the trend, in the consultation's zone."""

    day: date
    submissions: int = 0
    opinions: int = 0


class AnnexRow(Frozen):
    """One opinion of the annex. Neither identity nor tracking code."""

    number: int
    opinion_id: str
    submission_id: str
    received_at: AwareDatetime
    window: WindowMark
    outcome: Outcome  # counted or duplicate
    duplicate_of: str | None = None
    in_period: bool
    channel: str  # label
    group: str = ""  # labels, empty when not declared
    unit: str = ""
    locality: str = ""
    topic_code: int
    topic_title: str
    second_topic_code: int | None = None
    stance: Stance
    confidence: float
    places: tuple[str, ...] = ()
    petition_suspected: bool = False
    general: bool = False
    same_as: str | None = None  # the first opinion that says (nearly) the same
    review: tuple[ReviewReason, ...] = ()
    by_people: bool = False
    reasons: tuple[str, ...] = ()  # hints and cited sections that spoke for the group
    text: str


class LeftOver(Frozen):
    """A received submission with no opinion row: pending, unreadable, referred, duplicate, or without a text."""

    submission_id: str
    received_at: AwareDatetime
    channel: str
    state: str
    duplicate_of: str | None = None
    reason: str | None = None


class UnreadFiles(Frozen):
    """A submission with attached files that no program could read, whatever became of its text: people have to look at them."""

    submission_id: str
    received_at: AwareDatetime
    channel: str  # label
    state: str  # outcome of the submission, which these files change nothing about
    files: tuple[Reading, ...] = Field(min_length=1)  # why, one entry a file


class Agreement(Frozen):
    """How often two readers said the same, and Cohen's kappa with its 95 % interval; None: it cannot be told."""

    items: int
    same: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None


class Accuracy(Frozen):
    """How often the classifier was right on the sample, with its 95 % interval (Wilson); None: nothing was judged."""

    judged: int
    right: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


class Classifier(Frozen):
    """A version of the classifier and how many opinions stand as it read them."""

    version: str
    opinions: int


class Waiting(Frozen):
    """Opinions that wait for a reader for one reason; an opinion may have several."""

    reason: ReviewReason
    opinions: int


class Faithfulness(Frozen):
    """Decided submissions = classified + in review + unreadable + referred; `without_opinion` must be empty.

    Duplicates are among the classified or reviewed: their opinions stay readable.
    """

    classified: int = 0
    review: int = 0
    unreadable: int = 0
    referred: int = 0
    decided: int = 0
    without_opinion: tuple[str, ...] = ()  # submissions with words of which some or all opinions are missing


class Method(Frozen):
    """How opinions were read and how well; of counted opinions, cumulative."""

    classifiers: tuple[Classifier, ...] = ()
    by_people: int = 0  # opinions that stand as a person decided, twins of what a person read included
    accept_from: float = 0.0  # confidence below which people look
    sample_rate: float = 0.0
    waiting: int = 0
    reasons: tuple[Waiting, ...] = ()
    reviewed: int = 0  # opinions people looked at, without the blind sample
    corrected: int = 0  # of these, those that people changed
    sample_begun: int = 0
    sample_read: int = 0  # by two people
    sample_open: int = 0  # of these, where the two differ and nobody has settled it yet
    topic_agreement: Agreement = Agreement(items=0, same=0)
    stance_agreement: Agreement = Agreement(items=0, same=0)
    topic_accuracy: Accuracy = Accuracy(judged=0, right=0)
    stance_accuracy: Accuracy = Accuracy(judged=0, right=0)
    faithfulness: Faithfulness = Faithfulness()


class Uniqueness(Frozen):
    """The totals counted both ways, cumulative; people whom nobody knows are counted by their submissions."""

    submissions: int = 0
    people: int = 0  # known by a keyed hash
    unknown: int = 0  # submissions without one
    opinions: int = 0
    unique_texts: int = 0
    unique_or_near: int = 0  # near-identical texts counted once


class Campaign(Frozen):
    """A form letter: every signature counts; what a signatory added is an opinion of its own."""

    campaign: str  # the first submission
    submissions: int
    people: int
    unknown: int
    opinions: int
    own_opinions: int
    text: str  # the longest opinion of the first, personal data masked


class Proposal(Frozen):
    """One wording asked for at a place, verbatim from the first opinion that asks for it."""

    op: Literal["replace", "insert", "delete"]
    old: str | None
    new: str | None
    place: str | None
    opinions: int
    first_opinion_id: str
    submission_id: str


class WordingPlace(Frozen):
    """A place of a draft with all changes asked for there; several of them compete."""

    draft: str | None  # title; None: not found in any draft
    section: str | None
    located: bool
    proposals: tuple[Proposal, ...] = Field(min_length=1)


class Heading(Frozen):
    """The official heading and signature block (formats.md §1); the clerk fills in number, date and name."""

    style: Literal["party", "state"]
    parent: str
    issuer: str
    symbol: str
    place: str
    authority: str | None
    post: str
    addressees: tuple[str, ...]
    distribution_list: tuple[str, ...]


class Report(Frozen):
    """One report, whole. `annex` is ordered by arrival."""

    report_id: str
    consultation: str
    title: str  # of the consultation
    short_title: str
    heading: Heading
    kind: Literal["weekly", "final", "adhoc"]
    period: int | None
    period_start: AwareDatetime
    as_of: AwareDatetime
    zone: str
    cutoff_seq: int
    window_opens: AwareDatetime
    window_closes: AwareDatetime
    drafts: tuple[str, ...]  # titles
    cumulative: Reconciliation
    carried_over: int  # pending at the start of the period
    in_period: (
        Reconciliation  # received in the period + carried over = counted + ... in the period + pending at its end
    )
    opinions: int  # in the period, of counted submissions
    opinions_cumulative: int
    not_included: int  # counted by another body (channel policy): listed, outside the totals, cumulative submissions
    outside_window: int  # received before or after the window, cumulative
    channels: tuple[Tally, ...]
    groups: tuple[Tally, ...]
    units: tuple[Tally, ...]
    localities: tuple[Tally, ...]
    days: tuple[Day, ...]
    stances: tuple[StanceCount, ...]
    topics: tuple[TopicSection, ...]
    annex: tuple[AnnexRow, ...]
    left_over: tuple[LeftOver, ...]
    classifier: str
    bare_stances: tuple[StancePlace, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    unread_files: tuple[
        UnreadFiles, ...
    ] = ()  # in order of arrival; those that were taken back are not looked at any more
    withdrawn: int = 0  # submissions taken back: still counted, their words erased; cumulative
    method: Method = Method()
    uniqueness: Uniqueness = Uniqueness()
    campaigns: tuple[Campaign, ...] = ()
    wording: tuple[WordingPlace, ...] = ()
    petitions: int = (
        0  # opinions that look like a complaint or denunciation: people decide, they are counted; cumulative
    )
    general: int = 0  # general remarks among the opinions, cumulative
