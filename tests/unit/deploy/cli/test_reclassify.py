"""What `ykien reclassify` says at each end a job can come to, and its exit codes."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import reclassify as module

BASE = "/api/v1/consultations/thu-nghiem/reclassifications"
JOB: dict[str, Any] = {
    "job": "j1",
    "consultation": "thu-nghiem",
    "classifier": "learned-1",
    "state": "ready",
    "submissions": 9,
    "submissions_changed": 4,
    "unreadable": 0,
    "topics": {"1 -> 2": 4},
    "stances": {},
    "review_in": 0,
    "review_out": 0,
    "other": 0,
    "examples": [],
    "applied": 0,
    "skipped": 0,
}
OTHER_MODEL = {"type": "https://ykien.vn/problems/model-changed", "title": "t", "status": 409, "detail": "d"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command against a gateway that answers each request with the next of these."""

    def command(*arguments: str, answers: list[tuple[int, dict[str, Any]]]) -> Result:
        left = list(answers)

        def answer(_: httpx.Request) -> httpx.Response:
            status, body = left.pop(0)
            return httpx.Response(status, json=body)

        def client(url: str, **_: Any) -> httpx.AsyncClient:
            return httpx.AsyncClient(base_url=url, transport=httpx.MockTransport(answer))

        monkeypatch.setattr(module, "http_client", client)
        monkeypatch.setattr(module, "_POLL_S", 0.0)
        monkeypatch.setenv("YKIEN_TOKEN", "ma-bia-ra")
        app = typer.Typer()
        app.command()(module.reclassify)
        return CliRunner().invoke(app, ["--consultation", "thu-nghiem", "--url", "http://ykien.test", *arguments])

    return command


def test_a_preview_that_another_model_overtook_shows_no_half_table_and_says_what_to_do(
    run: Callable[..., Result],
) -> None:
    answers = [(202, JOB | {"state": "previewing"}), (200, JOB | {"state": "outdated"})]
    ended = run(answers=answers)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "nothing was changed" in ended.stderr
    assert "For a new preview: ykien reclassify --consultation thu-nghiem" in ended.stderr


def test_an_application_that_another_model_overtook_says_what_was_changed_by_then(run: Callable[..., Result]) -> None:
    ended = run(
        "--apply", "j1", answers=[(202, JOB | {"state": "applying"}), (200, JOB | {"state": "outdated", "applied": 3})]
    )
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "3 submissions had been changed by then and stay so" in ended.stderr
    again = run("--apply", "j1", answers=[(409, OTHER_MODEL), (200, JOB | {"state": "outdated", "applied": 3})])
    assert again.exit_code == 1
    assert "3 submissions had been changed" in again.stderr


def test_applying_again_says_when_it_was_done(run: Callable[..., Result]) -> None:
    done = JOB | {"state": "applied", "applied": 4, "applied_at": "2025-06-12T03:04:05Z"}
    first = run("--apply", "j1", answers=[(202, JOB | {"state": "applying"}), (200, done)])
    assert (first.exit_code, first.stdout) == (0, "applied: submissions=4 skipped=0\n")
    again = run("--apply", "j1", answers=[(200, done)])
    assert again.exit_code == 0
    assert again.stdout == "already applied (2025-06-12 03:04Z): submissions=4 skipped=0; nothing was changed now\n"
    del done["applied_at"]
    assert "(at a time that was not noted)" in run("--apply", "j1", answers=[(200, done)]).stdout


def test_a_job_that_stopped_is_not_waited_for(run: Callable[..., Result]) -> None:
    stopped = JOB | {"state": "previewing", "stopped": "Transient: the consultation is not known (yet)"}
    ended = run(answers=[(202, JOB | {"state": "previewing"}), (200, stopped)])
    assert ended.exit_code == 1
    assert "the consultation is not known" in ended.stderr
    assert "ykien dlq replay" in ended.stderr


def test_another_conflict_is_told_as_the_service_tells_it(run: Callable[..., Result]) -> None:
    problem = OTHER_MODEL | {"type": "https://ykien.vn/problems/not-ready", "detail": "Xin chờ."}
    ended = run("--apply", "j1", answers=[(409, problem)])
    assert ended.exit_code == 1
    assert "Xin chờ." in ended.stderr
