"""`ykien dlq`: a real dead letter, from the list to the replay."""

import asyncio
import json

import nats
import pytest

from tests.e2e.conftest import System, wait

SUBJECT = "submission.classified.v1.lai-chau-2025"  # its figures are out of balance anyway (test_cli_report.py)
BODY = b"\xff\xfenot an event"


@pytest.fixture(scope="module")
def letters(system: System) -> list[list[str]]:
    """The rows of `ykien dlq list` after a body that nobody can read came onto the stream."""

    async def publish() -> int:
        connection = await nats.connect(system.nats_url)
        ack = await connection.jetstream().publish(SUBJECT, BODY)
        await connection.close()
        return ack.seq

    seq = str(asyncio.run(publish()))
    found: list[list[str]] = []

    def listed() -> bool:
        lines = system.cli.run("dlq", "list").out.splitlines()
        found[:] = [row for line in lines if (row := line.split("\t"))[0].endswith(f"-{seq}")]
        return {row[1] for row in found} == {"ingest", "report"}

    wait(listed, "both services that read the subject gave the message up")
    return found


def test_the_list_names_service_attempts_and_reason(system: System, letters: list[list[str]]) -> None:
    for id_, service, attempts, at, reason in letters:
        assert id_.startswith(f"EVENTS-{service}")
        assert int(attempts) >= 1
        assert at.endswith("Z")
        assert reason
    assert system.cli.run("dlq", "list").out.splitlines()[-1] == f"dead letters: {len(letters)}"


def test_show_tells_everything_with_the_message_itself(system: System, letters: list[list[str]]) -> None:
    answer = system.cli.run("dlq", "show", letters[0][0])
    assert answer.code == 0
    shown = json.loads(answer.out)
    assert (shown["id"], shown["service"], shown["reason"]) == (letters[0][0], letters[0][1], letters[0][4])
    assert shown["subject"] == SUBJECT
    assert "not an event" in shown["message"]


def test_a_replayed_letter_that_fails_again_comes_back(system: System, letters: list[list[str]]) -> None:
    def times() -> dict[str, str]:
        rows = [line.split("\t") for line in system.cli.run("dlq", "list").out.splitlines()[:-1]]
        return {row[0]: row[3] for row in rows}

    before = times()
    one = system.cli.run("dlq", "replay", letters[0][0])
    assert (one.code, one.out) == (0, "replayed: 1\n")
    wait(lambda: len(times()) == len(before), "the replayed letter is back")
    every = system.cli.run("dlq", "replay", "--all")
    assert (every.code, every.out) == (0, f"replayed: {len(before)}\n")
    wait(lambda: set(times()) == set(before), "all replayed letters are back")


def test_wrong_ids_and_missing_words_are_exit_2(system: System) -> None:
    for arguments in (
        ("show", "x"),
        ("show", "EVENTS-classify-999999"),
        ("replay", "EVENTS-classify-999999"),
        ("replay",),
    ):
        answer = system.cli.run("dlq", *arguments)
        assert (answer.code, answer.out) == (2, ""), arguments


def test_a_bus_that_is_away_is_exit_3(system: System) -> None:
    answer = system.cli.run("dlq", "list", env={"YKIEN_NATS_URL": "nats://127.0.0.1:9"})
    assert (answer.code, answer.out) == (3, "")
    assert "bus" in answer.err
