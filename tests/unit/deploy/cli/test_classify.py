"""`ykien classify` keeps its contract: JSON lines in, JSON lines out, in order; a bad line is named."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli.classify import classify

app = typer.Typer()
app.command()(classify)
DEFINITIONS = Path(__file__).parents[4] / "consultations"


def run(*lines: object, consultation: str = "dien-bien-2025") -> Result:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    return CliRunner().invoke(app, ["--consultation", consultation, "--definitions", str(DEFINITIONS)], input=text)


def test_answers_come_in_input_order_with_the_fields_of_the_contract() -> None:
    rows = [{"id": f"r{n}", "text": f"Trang {n}, dòng 6: thay “A” bằng “B”"} for n in range(1, 6)]
    result = run(*rows)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, [a["id"] for a in answers]) == (0, [r["id"] for r in rows])
    (opinion,) = answers[0]["opinions"]
    assert list(opinion) == [
        "text", "start", "end", "topics", "confidence", "stance", "cites", "edits", "language", "pii", "petition_suspected"
    ]  # fmt: skip
    assert opinion["cites"] == [
        {"trang": "1", "dong": "6", "section": opinion["cites"][0]["section"], "start": 0, "end": 15}
    ]
    assert opinion["edits"] == [{"op": "replace", "old": "A", "new": "B", "place": None, "start": 17, "end": 34}]
    assert opinion["stance"] == "amend"


def test_offsets_are_code_points_of_the_input() -> None:
    text = "😀\r\n  Đề nghị bổ sung chỉ tiêu.  "
    (opinion, *_) = json.loads(run({"id": 1, "text": text}).stdout)["opinions"]
    assert text[opinion["start"] : opinion["end"]] == opinion["text"]


def test_an_empty_text_has_no_opinions() -> None:
    assert json.loads(run({"id": "a", "text": " "}).stdout) == {"id": "a", "opinions": []}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: not an object"),
        ({"id": "x"}, "line 2: field 'text' is missing"),
        ({"text": "x"}, "line 2: field 'id' is missing"),
        ({"id": "x", "text": 5}, "line 2: field 'text' has the wrong type"),
        ('{"id": "x", "text": "\\ud800"}', "line 2: field 'text' holds a lone surrogate"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_ends_the_run(line: object, reason: str) -> None:
    result = run({"id": "ok", "text": "Nhất trí."}, line, {"id": "later", "text": "x"})
    assert result.exit_code == 2
    assert reason in result.stderr
    assert [json.loads(row)["id"] for row in result.stdout.splitlines()] == ["ok"]


@pytest.mark.parametrize("consultation", ["khong-co", "../etc/passwd"])
def test_an_unknown_consultation_is_refused(consultation: str) -> None:
    result = run(consultation=consultation)
    assert result.exit_code == 2
    assert "dien-bien-2025" in result.stderr
