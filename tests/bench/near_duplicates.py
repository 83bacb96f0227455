"""Near duplicates among 100,000 invented letters: what is found, what is linked wrongly, how fast, and how much memory it takes.

The pure row keeps its slots in dicts; the SQLite row is what a replica does, batch by batch, in a process of its own whose memory is
looked at as the store grows. Truth is the family (`letters.py`).
"""

import asyncio
import json
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from services.classify.near.choose import choose
from services.classify.near.index import Twins
from services.classify.near.records import COLLECTIONS
from services.classify.near.signature import bands
from services.classify.near.verify import Words
from services.classify.pipeline import text_key
from shared.events import Opinion, Outcome, Stance, SubmissionClassified, WindowMark
from shared.store.sqlite import SqliteStore
from shared.text import fold
from tests.bench.letters import SAME, Letter, Variant, letters
from tests.bench.row import Row, timed

LETTERS = 100_000
STORED = int(os.environ.get("YKIEN_BENCH_NEAR_STORED", "20000"))  # letters linked over SQLite; 100000 takes minutes
MARKS = (STORED // 4, STORED // 2, STORED)
BATCH = 256
_LONGEST = 400  # seconds
CONSULTATION = "dien-bien-2025"
AT = datetime(2025, 6, 12, 3, tzinfo=UTC)
SHORT_WORDS, SHORT_TEXTS = 20, 20_000


def run() -> list[Row]:
    """Letters per second, with recall and precision in the notes; about 100 seconds on one core."""
    every = list(letters(LETTERS))
    return [_signatures(every), *_pure(every), *_stored(every)]


@dataclass
class _Memory:
    """The three collections as dicts."""

    texts: dict[str, int] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    heads: dict[int, Words] = field(default_factory=dict)

    def head_of(self, number: int, text: str) -> int:
        """The letter this one follows, or itself."""
        folded = fold(text)
        if (known := self.texts.get(folded)) is not None:
            return known
        words = Words(folded)
        keys = bands(CONSULTATION, words.order, words.told)
        near = {self.slots[key] for key in keys if key in self.slots}
        verdict = choose(text, words, {str(head): self.heads[head] for head in near}, may_cut=True)
        head = number if verdict is None else int(verdict.head)
        if verdict is None or not verdict.mixed:
            self.texts[folded] = head
        if verdict is None:
            self.heads[number] = words
            for key in keys:
                self.slots.setdefault(key, number)
        return head


def _signatures(every: Sequence[Letter]) -> Row:
    texts = [fold(" ".join(letter.text.split()[:SHORT_WORDS])).split() for letter in every[:SHORT_TEXTS]]
    return timed(
        f"band keys of {SHORT_WORDS} words", len(texts), lambda: [bands(CONSULTATION, words) for words in texts]
    )


@dataclass(frozen=True)
class Quality:
    """What was found: links by the variant of the letter that was linked, and how many of all are wrong."""

    made: Counter[Variant]
    right: Counter[Variant]
    wrong: int
    heads: int

    @property
    def precision(self) -> float:
        """Share of the links that stay within a family."""
        return self.right.total() / max(1, self.right.total() + self.wrong)

    def recall(self, variant: Variant) -> float:
        """Share of the variant's letters that follow a letter of their family."""
        return self.right[variant] / max(1, self.made[variant])


def quality(every: Sequence[Letter]) -> Quality:
    """Links every letter to the ones before it, in memory."""
    index = _Memory()
    heads = [index.head_of(number, letter.text) for number, letter in enumerate(every)]
    pairs = enumerate(zip(every, heads, strict=True))
    linked = [(letter, every[head]) for number, (letter, head) in pairs if head != number]
    right = Counter(letter.variant for letter, head in linked if _is_right(letter, head))
    made = Counter(letter.variant for letter in every)
    return Quality(made, right, len(linked) - right.total(), len(index.heads))


def _pure(every: Sequence[Letter]) -> list[Row]:
    started = time.perf_counter()
    found = quality(every)
    seconds = time.perf_counter() - started
    words = sum(len(letter.text.split()) for letter in every) / len(every)
    note = f"{words:.0f} words each; {found.heads:,} heads; precision {found.precision:.4f} ({found.wrong} links wrong)"
    return [
        Row("fold, keys, look-up and check, in memory", len(every), seconds, note=note),
        *(
            Row(f"  {variant}", found.made[variant], seconds, ratio=round(found.recall(variant), 4), floor="recall")
            for variant in (*SAME, Variant.PASTED)
        ),
    ]


def _is_right(letter: Letter, head: Letter) -> bool:
    """Half of a letter pasted into another one may be found or not; it is no error to name where it came from."""
    return head.family == (letter.origin if letter.variant is Variant.PASTED else letter.family)


def _stored(every: Sequence[Letter]) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "letters.jsonl"
        with texts.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(letter.text, ensure_ascii=False) + "\n" for letter in every[:STORED])
        context = multiprocessing.get_context("spawn")
        answers = context.Queue()
        child = context.Process(target=_replica, args=(texts, Path(folder) / "near.sqlite3", answers))
        child.start()
        try:
            child.join(_LONGEST)
            if child.exitcode != 0:
                raise RuntimeError(f"the replica ended with {child.exitcode}")
            return [answers.get(timeout=5) for _ in MARKS]
        finally:
            child.kill()


def _replica(texts: Path, path: Path, answers: "multiprocessing.Queue[Row]") -> None:
    asyncio.run(_link(texts, path, answers))


async def _link(texts: Path, path: Path, answers: "multiprocessing.Queue[Row]") -> None:
    store = SqliteStore(path, COLLECTIONS)
    await store.open()
    twins, done, seconds, last = Twins(store), 0, 0.0, 0
    events = _events(texts)
    while batch := list(islice(events, BATCH)):
        started = time.perf_counter()
        await twins.link(batch, _reread)
        seconds += time.perf_counter() - started
        done += len(batch)
        if done >= MARKS[0] and (passed := [mark for mark in MARKS if last < mark <= done]):
            size = path.stat().st_size
            note = f"process {_resident() / 1e6:.0f} MB, store {size / 1e6:.0f} MB ({size / done / 1000:.1f} kB each)"
            answers.put(Row(f"Twins.link over SQLite, batches of {BATCH}, to {passed[-1]:,}", done, seconds, note=note))
            last = passed[-1]
    await store.close()


def _events(texts: Path) -> Iterator[SubmissionClassified]:
    with texts.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            yield _event(f"{number:032x}", json.loads(line))


def _event(id_: str, text: str) -> SubmissionClassified:
    return SubmissionClassified(
        consultation=CONSULTATION,
        submission_id=id_,
        outcome=Outcome.COUNTED,
        classifier="bench",
        channel="web",
        received_at=AT,
        window=WindowMark.INSIDE,
        opinions=(_opinion(f"{id_}-1", text, 0),),
    )


def _opinion(id_: str, text: str, start: int) -> Opinion:
    return Opinion(
        opinion_id=id_,
        text=text,
        start=start,
        end=start + len(text),
        topics=(1,),
        confidence=1.0,
        stance=Stance.NONE,
        text_key=text_key(text),
    )


def _reread(_event: SubmissionClassified, whole: Opinion, start: int, end: int, id_: str) -> Opinion:
    return _opinion(id_, whole.text[start - whole.start : end - whole.start], start)


def _resident() -> int:
    """Bytes of this process in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
