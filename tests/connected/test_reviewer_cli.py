"""`ykien reviewer` as an operator runs it, against a bus and a classify that is running."""

from pathlib import Path

import pytest

from shared import accounts
from shared.bus import Bus
from shared.settings import ServiceSettings
from tests.support.cli import Cli, Result
from tests.support.review_app import define, login, make_settings, running
from tests.support.waiting import until

pytestmark = pytest.mark.connected
ROOT = Path(__file__).resolve().parents[2]


async def test_an_account_works_until_it_is_revoked_and_its_password_is_shown_once(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    cli = Cli(tmp_path / "state", ROOT)

    def run(*arguments: str) -> Result:
        return cli.run("reviewer", *arguments, env={"YKIEN_NATS_URL": bus_settings.nats_url})

    await define(bus)
    added = run("add", "tham-dinh-1")
    assert added.code == 0, added.err
    said = dict(line.split(": ", 1) for line in added.out.splitlines())
    assert said["account"] == "tham-dinh-1"
    again = run("add", "tham-dinh-1")
    assert (again.code, again.out) == (2, "")
    held = await accounts.read(bus.js, "tham-dinh-1")
    assert held is not None
    assert held[0].password_hash.startswith("$argon2id$")
    assert said["password"] not in held[0].model_dump_json()
    listed = run("list").out
    assert said["password"] not in listed
    assert listed.splitlines()[0].split("\t")[:2] == ["tham-dinh-1", "works"]
    async with running(make_settings(tmp_path / "classify", bus_settings.nats_url)) as app, app.client() as http:
        assert (await login(http, "tham-dinh-1", said["password"])).status_code == 303
        page = "/tham-dinh/thu-nghiem"
        assert (await http.get(page)).status_code == 200
        assert run("revoke", "tham-dinh-1").out == "revoked: tham-dinh-1\n"

        async def out() -> bool:
            return (await http.get(page)).status_code == 303

        await until(out)
        back = run("add", "tham-dinh-1")
        assert back.code == 0, back.err
        assert said["password"] not in back.out, "an account that comes back has another password"
        assert (await http.get(page)).status_code == 303, "nor do old sessions come back"


@pytest.mark.parametrize("arguments", [("add", "Nguyễn Văn Bịa"), ("add", "a.b"), ("revoke", "khong-co")])
@pytest.mark.usefixtures("bus")
async def test_what_is_no_account_is_refused(
    bus_settings: ServiceSettings, tmp_path: Path, arguments: tuple[str, str]
) -> None:
    cli = Cli(tmp_path / "state", ROOT)
    answer = cli.run("reviewer", *arguments, env={"YKIEN_NATS_URL": bus_settings.nats_url})
    assert (answer.code, answer.out) == (2, "")
