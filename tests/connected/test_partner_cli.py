"""`ykien partner` as an operator runs it, against a bus and an ingest that is running."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.partner_keys import split
from tests.support.cli import Cli, Result
from tests.support.ingest_app import CONSULTATION, Running, ingest_on
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected
ROOT = Path(__file__).resolve().parents[2]


class Operator:
    """Runs the command with the bus and the key of the test's system."""

    def __init__(self, app: Running, folder: Path) -> None:
        self._cli = Cli(folder / "state", ROOT)
        self.env = {
            "YKIEN_NATS_URL": app.settings.nats_url,
            "YKIEN_PARTNER_KEY_FILE": str(app.settings.partner_key_file),
        }

    def run(self, *arguments: str, **env: str) -> Result:
        return self._cli.run("partner", *arguments, env=self.env | env)

    def keys(self, *arguments: str) -> dict[str, str]:
        """What an issuing command printed on stdout."""
        answer = self.run(*arguments)
        assert answer.code == 0, answer.err
        return dict(line.split(": ", 1) for line in answer.out.splitlines())


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        yield app


async def status(ingest: Running, api_key: str) -> int:
    answer = await ingest.http.post(
        "/channels/partner/smart", json={"text": "Nhất trí."}, headers={"X-Api-Key": api_key}
    )
    return answer.status_code


async def test_add_rotate_revoke_as_an_operator_does_it(ingest: Running, tmp_path: Path) -> None:
    operator = Operator(ingest, tmp_path)
    first = operator.keys(
        "add", "smart", "--name", "Ứng dụng thử", "--consultation", CONSULTATION, "--per-day", "50", "--per-minute", "9"
    )
    assert set(first) == {"key-id", "api-key", "signing-secret"}
    assert await status(ingest, first["api-key"]) == 202, "a key works as soon as it was printed"
    again = operator.run("add", "smart", "--name", "Khác", "--consultation", CONSULTATION)
    assert (again.code, again.out) == (2, "")

    second = operator.keys("rotate", "smart", "--grace", "1")
    assert [await status(ingest, keys["api-key"]) for keys in (first, second)] == [202, 202]
    listed = operator.run("list").out
    assert listed.splitlines()[0].split("\t") == ["smart", "Ứng dụng thử", CONSULTATION, "partner", "9/min 50/day"]
    assert [line.split("\t")[2] for line in listed.splitlines()[1:3]] == ["works", "works"]
    assert listed.splitlines()[-1] == "partners: 1"
    for keys in (first, second):
        assert (split(keys["api-key"]) or ("", ""))[1] not in listed

    assert operator.run("revoke", "smart", "--key", first["key-id"]).out == f"revoked: smart {first['key-id']}\n"

    async def refused() -> bool:
        return [await status(ingest, keys["api-key"]) for keys in (first, second)] == [401, 202]

    await until(refused, 5, what="the first key being refused")
    operator.run("revoke", "smart")

    async def shut_out() -> bool:
        return await status(ingest, second["api-key"]) == 401

    await until(shut_out, 5, what="the partner being shut out")
    third = operator.keys("rotate", "smart")
    assert await status(ingest, third["api-key"]) == 202


async def test_a_consultation_that_is_not_published_is_told_with_those_that_are(
    ingest: Running, tmp_path: Path
) -> None:
    answer = Operator(ingest, tmp_path).run("add", "smart", "--name", "A", "--consultation", "dien-bien-2052")
    assert answer.code == 0
    assert "dien-bien-2052 is not published" in answer.err
    assert CONSULTATION in answer.err


def test_wrong_use_is_told_and_changes_nothing(nats_server: NatsServer, tmp_path: Path) -> None:
    key = tmp_path / "partner.key"
    key.write_text("00" * 32 + "\n")
    cli = Cli(tmp_path / "state", ROOT)
    env = {"YKIEN_NATS_URL": nats_server.url, "YKIEN_PARTNER_KEY_FILE": str(key)}
    add = ("partner", "add", "Smart!", "--name", "A", "--consultation", CONSULTATION)
    assert cli.run(*add, env=env).code == 2
    assert cli.run(*add, env={"YKIEN_NATS_URL": nats_server.url}).code == 2, "no partner.key at hand"
    nats_server.kill()
    for command in (("rotate", "smart"), ("revoke", "smart"), ("list",)):
        answer = cli.run("partner", *command, env=env)
        assert (answer.code, answer.out) == (3, ""), answer.err
