"""A definition changed while everything runs: the services take it up; a wrong one reaches nobody."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import ROOT, System, wait

CONSULTATION = "bac-kan-2025"
SHIPPED = ROOT / "consultations"


def _copy(folder: Path) -> Path:
    """The shipped definition with its texts, where a test may change it."""
    shutil.copytree(SHIPPED / CONSULTATION, folder / CONSULTATION)
    file: Path = folder / f"{CONSULTATION}.yaml"
    shutil.copy(SHIPPED / file.name, file)
    return file


def _page(system: System, path: str = f"/c/{CONSULTATION}") -> str:
    with system.client() as client:
        answer = client.get(path)
    assert answer.status_code == httpx.codes.OK
    return answer.text


@pytest.fixture
def changed(system: System, tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Makes a definition with one text replaced; the shipped one comes back afterwards."""
    file = _copy(tmp_path)

    def change(old: str, new: str) -> Path:
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= 1
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return file

    yield change
    assert system.cli.run("consultation", "publish", SHIPPED / f"{CONSULTATION}.yaml").code == 0


def _without_token(page: str) -> str:
    return re.sub(r'name="token" value="[0-9a-f]+"', "", page)


def test_a_changed_title_and_telephone_are_on_the_page_within_seconds(
    system: System, changed: Callable[[str, str], Path]
) -> None:
    before = _page(system)
    changed("short_title: ", "short_title: Tiêu đề đã sửa. ")
    file = changed("support_phone: ", "support_phone: 0209 3999 999 #")
    assert "Tiêu đề đã sửa" not in before
    answer = system.cli.run("consultation", "publish", file)
    assert (answer.code, answer.out) == (0, f"published: {CONSULTATION}\n")
    wait(lambda: "Tiêu đề đã sửa" in _page(system), "the page shows the new title", 10)
    assert "0209 3999 999" in _page(system)
    again = system.cli.run("consultation", "publish", file)
    assert (again.code, again.out) == (0, f"unchanged: {CONSULTATION}\n")


def test_classify_uses_a_changed_topic_group_without_a_restart(
    system: System, changed: Callable[[str, str], Path]
) -> None:
    """The first topic group gets a hint phrase that stands nowhere else: a submission made of it must fall there."""
    assert 1 not in _topics(system)
    assert system.cli.run("consultation", "publish", changed("hints: [", "hints: [kỳ đài hoa ban xanh,")).code == 0
    wait(lambda: 1 in _topics(system), "the new hint decides", 20)


def _topics(system: System) -> list[int]:
    code = system.submit(CONSULTATION, {"text": "Đề nghị quan tâm kỳ đài hoa ban xanh."})["tracking_code"]
    found: dict[str, Any] = {}
    with system.client() as client:

        def classified() -> bool:
            found.update(client.get(f"/api/v1/submissions/{code}").json())
            return found["status"] != "received" and bool(found.get("opinions"))

        wait(classified, f"{code} is classified", 20)
    return [topic for opinion in found["opinions"] for topic in opinion["topics"]]


def test_a_wrong_definition_is_refused_with_line_field_and_reason(
    system: System, changed: Callable[[str, str], Path]
) -> None:
    before = _page(system)
    file = changed('cut_off: "14:00"', 'cut_off: "25:00"')
    line = next(n for n, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "25:00" in text)
    for command in ("validate", "publish"):
        answer = system.cli.run("consultation", command, file)
        assert (answer.code, answer.out) == (2, "")
        assert f"{file}:{line}: report.cut_off:" in answer.err
    assert _without_token(_page(system)) == _without_token(before)


def test_a_definition_that_does_not_exist_is_exit_2(system: System, tmp_path: Path) -> None:
    for command in ("validate", "publish"):
        answer = system.cli.run("consultation", command, tmp_path / "absent.yaml")
        assert (answer.code, answer.out) == (2, "")
        assert "absent.yaml" in answer.err
