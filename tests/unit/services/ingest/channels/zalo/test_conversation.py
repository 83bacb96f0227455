"""The conversation as a state machine: whatever is repeated, interleaved or lost in a crash, each message counts exactly once."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.ingest.channels.zalo import conversation as talk
from services.ingest.channels.zalo.conversation import Closing, Conversation, Patience, Sent
from services.ingest.channels.zalo.message import Message, RemoteFile

START = datetime(2025, 10, 20, 3, tzinfo=UTC)
PATIENCE = Patience(quiet=timedelta(seconds=60), longest=timedelta(seconds=600))
EMPTY = Conversation(oa="1", user="2")


def said(id_: str, after_s: float, *, sent_s: float | None = None, files: int = 0, words: str = "x") -> Message:
    at = START + timedelta(seconds=after_s)
    sent = at if sent_s is None else START + timedelta(seconds=sent_s)
    remote = tuple(RemoteFile(name=f"{n}.jpg", kind="image", url="https://x.zdn.vn/1") for n in range(files))
    return Message(id=id_, user="2", sent_at=sent, received_at=at, text=words, files=remote)


def after(*messages: Message) -> Conversation:
    state = EMPTY
    for message in messages:
        state = talk.deliver(state, message, PATIENCE)
    return state


def ids(state: Conversation) -> list[list[str]]:
    return [[m.id for m in c.messages] for c in state.closing] + [[m.id for m in state.open]]


def made(id_: str = "s") -> Sent:
    return Sent(consultation="c", submission_id=id_, spoken_at=START)


def test_each_message_moves_the_end_by_the_quiet_period() -> None:
    state = after(said("a", 0), said("b", 50))
    assert state.due_at(PATIENCE) == START + timedelta(seconds=110)
    assert talk.close(state, START + timedelta(seconds=109), PATIENCE) == state
    assert ids(talk.close(state, START + timedelta(seconds=110), PATIENCE)) == [["a", "b"], []]


def test_who_never_falls_silent_is_closed_after_the_longest_wait() -> None:
    state = after(*(said(str(n), n * 50) for n in range(14)))
    assert ids(state) == [[str(n) for n in range(13)], ["13"]]


def test_a_spool_emptied_late_splits_conversations_where_they_were_split() -> None:
    assert ids(after(said("a", 0), said("b", 30), said("c", 4000))) == [["a", "b"], ["c"]]


def test_what_one_submission_cannot_carry_begins_the_next() -> None:
    many = after(*(said(str(n), 0, files=1) for n in range(talk.MAX_FILES + 1)))
    assert [len(one) for one in ids(many)] == [talk.MAX_FILES, 1]
    long = after(*(said(str(n), 0, words="x" * 90_000) for n in range(3)))
    assert [len(one) for one in ids(long)] == [2, 1]


def test_a_message_that_comes_while_closing_belongs_to_the_next() -> None:
    state = talk.close(after(said("a", 0)), START + timedelta(seconds=60), PATIENCE)
    state = talk.deliver(state, said("b", 61), PATIENCE)
    state = talk.finish(state, "a", made())
    assert (ids(state), set(state.done), len(state.sent)) == ([["b"]], {"a"}, 1)


def test_a_repetition_changes_nothing_open_closing_or_done() -> None:
    state = after(said("a", 0))
    assert talk.deliver(state, said("a", 5), PATIENCE) == state
    closing = talk.close(state, START + timedelta(seconds=60), PATIENCE)
    assert talk.deliver(closing, said("a", 70), PATIENCE) == closing
    done = talk.finish(closing, "a", None)
    assert talk.deliver(done, said("a", 7000), PATIENCE) == done
    assert talk.finish(done, "a", made()) == done


def test_a_withdrawal_forgets_what_was_said_before_and_keeps_what_comes_after() -> None:
    state = after(said("a", 0), said("b", 10, sent_s=2), said("c", 12))
    state = talk.withdraw(state, START + timedelta(seconds=5))
    assert (ids(state), set(state.done)) == ([["c"]], {"a", "b"})
    late = talk.deliver(state, said("d", 20, sent_s=1), PATIENCE)
    assert ids(late) == [["c"]], "spoken before the withdrawal, delivered after it"
    assert ids(talk.deliver(late, said("e", 21), PATIENCE)) == [["c", "e"]]


def test_a_withdrawal_leaves_a_closing_that_may_be_a_submission_already() -> None:
    whole = talk.close(after(said("a", 0)), START + timedelta(seconds=60), PATIENCE)
    assert ids(talk.withdraw(whole, START + timedelta(hours=1))) == [["a"], []]
    missing = talk.close(after(said("a", 0, files=1)), START + timedelta(seconds=60), PATIENCE)
    assert ids(talk.withdraw(missing, START + timedelta(hours=1))) == [[]]


def test_what_became_of_a_file_is_noted_once() -> None:
    state = after(said("a", 0, files=2))
    held = talk.change_file(state, "a", 1, lambda f: f.model_copy(update={"state": "held", "blob": "b1"}))
    again = talk.change_file(held, "a", 1, lambda f: f.model_copy(update={"state": "lost"}))
    assert again == held
    assert [f.state for f in again.open[0].files] == ["waiting", "held"]


def test_the_fingerprint_is_of_what_was_sent_not_of_how_its_files_fared() -> None:
    closing = Closing(messages=(said("a", 0, files=1),))
    lost = Closing(
        messages=(
            closing.messages[0].model_copy(
                update={"files": (closing.messages[0].files[0].model_copy(update={"state": "lost"}),)}
            ),
        )
    )
    assert closing.fingerprint() == lost.fingerprint() != Closing(messages=(said("a", 0),)).fingerprint()


def test_ids_are_forgotten_only_after_a_month() -> None:
    month = talk.REMEMBERED.total_seconds()
    state = talk.finish(talk.close(after(said("a", 0)), START + timedelta(hours=1), PATIENCE), "a", None)
    for n, at in enumerate((month - 100, month + 100)):
        state = talk.close(talk.deliver(state, said(f"b{n}", at), PATIENCE), START + timedelta(days=99), PATIENCE)
        state = talk.finish(state, f"b{n}", None)
        assert ("a" in state.done) == (n == 0)


class AnyOrder(RuleBasedStateMachine):
    """Two replicas deliver, repeat, close, accept and crash in any order over one stored state.

    A replica acts on what it read a while ago; the acceptance may be done and the finish lost with the process. The stream
    of submissions keeps the first of each key, as `Nats-Msg-Id` and the reservation do.
    """

    def __init__(self) -> None:
        super().__init__()
        self.state = EMPTY
        self.now = 0.0
        self.delivered: list[Message] = []
        self.accepted: dict[str, tuple[str, ...]] = {}
        self.read: list[Closing] = []

    @rule(pause=st.floats(0, 700), files=st.integers(0, 4))
    def speaks(self, pause: float, files: int) -> None:
        self.now += pause
        message = said(f"m{len(self.delivered)}", self.now, files=files)
        self.delivered.append(message)
        self.state = talk.deliver(self.state, message, PATIENCE)

    @precondition(lambda self: self.delivered)
    @rule(which=st.integers(min_value=0))
    def repeats(self, which: int) -> None:
        self.state = talk.deliver(self.state, self.delivered[which % len(self.delivered)], PATIENCE)

    @rule(pause=st.floats(0, 700))
    def timer(self, pause: float) -> None:
        self.now += pause
        self.state = talk.close(self.state, START + timedelta(seconds=self.now), PATIENCE)
        self.read = [*self.read, *self.state.closing][-6:]

    @precondition(lambda self: self.read)
    @rule(which=st.integers(min_value=0), crash=st.booleans())
    def accepts(self, which: int, crash: bool) -> None:
        """Also on a closing that another replica has finished meanwhile."""
        closing = self.read[which % len(self.read)]
        content = tuple(m.id for m in closing.messages)
        assert self.accepted.setdefault(closing.key, content) == content, "one key, two contents"
        if not crash:
            self.state = talk.finish(self.state, closing.key, made(closing.key))

    @invariant()
    def each_message_stands_in_exactly_one_place(self) -> None:
        places = [m.id for m in self.state.open] + [m.id for c in self.state.closing for m in c.messages]
        places += list(self.state.done)
        assert sorted(places) == sorted(m.id for m in self.delivered)

    @invariant()
    def nothing_is_counted_twice(self) -> None:
        counted = [id_ for ids_ in self.accepted.values() for id_ in ids_]
        assert len(counted) == len(set(counted))

    def teardown(self) -> None:
        """In the end everybody falls silent, and every message is in exactly one submission."""
        self.state = talk.close(self.state, START + timedelta(days=9), PATIENCE)
        for closing in self.state.closing:
            self.accepted.setdefault(closing.key, tuple(m.id for m in closing.messages))
            self.state = talk.finish(self.state, closing.key, made(closing.key))
        counted = sorted(id_ for ids_ in self.accepted.values() for id_ in ids_)
        assert counted == sorted(m.id for m in self.delivered)
        assert self.state.due_at(PATIENCE) is None


TestAnyOrder = AnyOrder.TestCase
