"""The OpenAPI document against the running system: schemathesis sends what it allows, what it forbids, and judges every answer."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey

from tests.support.cli import Cli
from tests.support.embedded import EmbeddedProcess

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = os.environ.get("YKIEN_OPENAPI_EXAMPLES", "40")
CONSULTATION = "dien-bien-2025"
PARTNER = "ung-dung-thu"
_SETTINGS = """
[parameters]
"path.consultation_id" = "{consultation}"
"path.partner" = "{partner}"
"path.code" = "{code}"
"header.X-Ykien-Channel" = "api"

[auth.openapi.operatorToken]
bearer = "{token}"

[auth.openapi.partnerKey]
bearer = "{key}"

# Much that is well-formed is rightly refused: an address no mail can reach, a file that is not what it says.
[checks]
positive_data_acceptance.enabled = false

# A wrong line of a batch is told in the answer, which is 200: the others of the batch may be right.
[[operations]]
include-operation-id = "partnerBatch"
checks.negative_data_rejection.enabled = false
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedProcess]:
    """A system of its own: what schemathesis sends is no sight for the figures of other tests."""
    folder = tmp_path_factory.mktemp("openapi")
    _switch_on(folder / "data" / "channels")
    process = EmbeddedProcess(folder / "data", env={"YKIEN_RATE_LIMIT": "off", "YKIEN_ACK_WAIT_S": "4"})
    process.start()
    try:
        yield process
    finally:
        code = process.stop()
    assert code == 0


def _switch_on(channels: Path) -> None:
    """Channels that are off without a settings file answer 404 to everything, which would prove little."""
    channels.mkdir(parents=True)
    public = ECKey.generate_key("P-256", {"kid": "k1"}).as_dict(private=False)
    (channels / "jwks.json").write_text(json.dumps({"keys": [public]}))
    (channels / "vneid.yaml").write_text(
        "issuers:\n- {id: thu, issuer: https://issuer.example, audience: ykien, jwks_file: jwks.json}\n"
    )
    (channels / "oa.secret").write_text("bi-mat-bia-ra\n")
    (channels / "zalo.yaml").write_text(
        f'accounts:\n- {{oa_id: "1", app_id: "2", consultation: {CONSULTATION}, secret_file: oa.secret}}\n'
    )


@pytest.fixture(scope="module")
def partner_key(api: EmbeddedProcess) -> str:
    """An API key, made as an operator makes one."""
    cli = Cli(api.data.parent / "state", ROOT)
    added = cli.run("partner", "add", PARTNER, "--name", "Ứng dụng thử", "--consultation", CONSULTATION)
    assert added.code == 0, added.err
    return dict(line.split(": ", 1) for line in added.out.splitlines())["api-key"]


def test_every_answer_is_one_the_document_promises(api: EmbeddedProcess, partner_key: str, tmp_path: Path) -> None:
    with httpx.Client(base_url=api.url, trust_env=False) as client:
        sent = client.post(
            f"/channels/partner/{PARTNER}", json={"text": "Nhất trí."}, headers={"X-Api-Key": partner_key}
        )
        assert sent.status_code == httpx.codes.ACCEPTED, sent.text
    known = {"consultation": CONSULTATION, "partner": PARTNER, "code": sent.json()["tracking_code"]}
    config = tmp_path / "schemathesis.toml"
    config.write_text(_SETTINGS.format(**known, token=api.token, key=partner_key), "utf-8")
    argv = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file",
        config,
        "run",
        f"{api.url}/api/openapi.json",
    ]
    # one worker: ast.parse of CPython 3.11 is not safe in threads
    argv += ["--url", api.url, "--max-examples", EXAMPLES, "--seed", "2025"]
    argv += ["--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--suppress-health-check", "all"]
    env = os.environ | {
        "SCHEMATHESIS_HOOKS": "tests.support.schemathesis_hooks",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
    }
    ended = subprocess.run(argv, cwd=tmp_path, env=env, capture_output=True, timeout=280, check=False)
    said = ended.stdout.decode() + ended.stderr.decode()
    assert ended.returncode == 0, said[-12_000:]
    print(said[-2_000:])
    line = httpx.get(f"{api.url}/api/v1/consultations/{CONSULTATION}/reconciliation", trust_env=False).json()
    assert line["received"] >= 5, "the document's own examples are taken: two single ones, a batch of two, and ours"


def test_people_can_read_it_without_scripts(api: EmbeddedProcess) -> None:
    answer = httpx.get(f"{api.url}/api/tai-lieu", trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "POST /channels/partner/{partner}/batch" in answer.text
    assert "<script" not in answer.text
