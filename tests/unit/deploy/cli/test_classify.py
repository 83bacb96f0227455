"""`ykien classify` keeps its contract: JSON lines in, JSON lines out, in order; a bad line is named."""

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli.classify import classify

app = typer.Typer()
app.command()(classify)
DEFINITIONS = Path(__file__).parents[4] / "consultations"


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """As it was before: a command has a process of its own, these tests share one with all others."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def run(*lines: object, consultation: str = "dien-bien-2025", train: Path | None = None) -> Result:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    arguments = ["--consultation", consultation, "--definitions", str(DEFINITIONS)]
    return CliRunner().invoke(app, [*arguments, "--train", str(train)] if train else arguments, input=text)


def test_answers_come_in_input_order_with_the_fields_of_the_contract() -> None:
    rows = [{"id": f"r{n}", "text": f"Trang {n}, dòng 6: thay “A” bằng “B”"} for n in range(1, 6)]
    result = run(*rows)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, [a["id"] for a in answers]) == (0, [r["id"] for r in rows])
    (opinion,) = answers[0]["opinions"]
    assert list(opinion) == [
        "text", "start", "end", "topics", "confidence", "stance", "cites", "edits", "language", "pii", "petition_suspected",
        "general", "evidence",
    ]  # fmt: skip
    assert opinion["cites"] == [
        {"trang": "1", "dong": "6", "section": opinion["cites"][0]["section"], "start": 0, "end": 15}
    ]
    (edit,) = opinion["edits"]
    assert list(edit)[:6] == ["op", "old", "new", "place", "start", "end"]
    assert (edit["op"], edit["old"], edit["new"], edit["start"], edit["end"]) == ("replace", "A", "B", 17, 34)
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


@pytest.mark.parametrize("before", [0, 255, 256, 257, 300])
def test_every_line_before_a_bad_one_is_answered_however_many_are_read_at_once(before: int) -> None:
    """A letter that came in must not go unanswered because of another; nor may one be answered twice."""
    texts = [
        "Nhất trí với chủ đề Đại hội.",
        "Thieu giao vien.",
        " ",
        "1. Bổ sung đường.\n2. Sửa câu.",
        "Đề nghị bỏ Điều 9.",
    ]
    rows = [{"id": number, "text": texts[number % len(texts)]} for number in range(before)]
    result = run(*rows, "{", {"id": "later", "text": "x"})
    assert result.exit_code == 2
    assert f"line {before + 1}: not JSON" in result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [*range(before)]
    assert [len(answer["opinions"]) for answer in answers] == [[1, 1, 0, 2, 1][n % 5] for n in range(before)]


def test_the_collector_rests_while_lines_are_read() -> None:
    run({"id": 1, "text": "Nhất trí."})
    assert gc.get_threshold() == (20_000, 20, 20)
    assert gc.get_freeze_count() > 0


def test_a_line_is_answered_the_same_alone_and_among_many() -> None:
    texts = [
        "Thiếu giáo viên và trạm y tế.",
        "thieu giao vien",
        "Trang 6, dòng 3: thay “A” bằng “B”",
        "",
        "khiếu",
        "nại, tố cáo",
    ]
    rows = [{"id": number, "text": text} for number, text in enumerate(texts * 50)]
    together = run(*rows).stdout.splitlines()
    assert len(together) == len(rows)
    for row, line in zip(rows, together[: len(texts)], strict=False):
        assert run(row).stdout.splitlines() == [line]
    for number, line in enumerate(together):
        assert json.loads(line) == json.loads(together[number % len(texts)]) | {"id": number}


@pytest.mark.parametrize("consultation", ["khong-co", "../etc/passwd"])
def test_an_unknown_consultation_is_refused(consultation: str) -> None:
    result = run(consultation=consultation)
    assert result.exit_code == 2
    assert "dien-bien-2025" in result.stderr


LABELS = [
    {"text": "Sa nhân dưới tán rừng cho thu nhập khá.", "topics": [4], "stance": "question"},
    {"text": "Bản tôi muốn trồng sa nhân.", "topics": [4]},
    {"text": "Sa nhân không hợp đất bạc màu.", "topics": [4]},
]


def labels(folder: Path, *lines: object) -> Path:
    path = folder / "labels.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text, "utf-8")
    return path


def test_a_labelled_text_gets_its_label_at_once_whatever_its_case_and_marks(tmp_path: Path) -> None:
    train = labels(tmp_path, *LABELS)
    result = run({"id": 1, "text": "sa nhan duoi tan rung cho thu nhap KHA"}, train=train)
    (opinion,) = json.loads(result.stdout)["opinions"]
    assert (opinion["topics"], opinion["stance"], opinion["confidence"]) == ([4], "question", 1.0)
    assert opinion["evidence"]["by"] == "correction"


def test_other_texts_are_read_by_what_the_labels_taught(tmp_path: Path) -> None:
    row = {"id": 1, "text": "Sa nhân và mắc khén."}
    before = json.loads(run(row).stdout)["opinions"][0]
    after = json.loads(run(row, train=labels(tmp_path, *LABELS)).stdout)["opinions"][0]
    assert after["evidence"]["by"] == "learned"
    assert after["topics"] == [4] != before["topics"]
    assert before["evidence"]["by"] == "words"


@pytest.mark.parametrize(("given", "stance"), [("add", "supplement"), ("remove", "delete"), ("amend", "amend")])
def test_labels_made_elsewhere_may_say_add_and_remove(tmp_path: Path, given: str, stance: str) -> None:
    train = labels(tmp_path, {"text": "Sa nhân dưới tán rừng.", "topics": [4], "stance": given})
    result = run({"id": 1, "text": "Sa nhân dưới tán rừng."}, train=train)
    assert json.loads(result.stdout)["opinions"][0]["stance"] == stance


def test_a_later_label_of_the_same_words_takes_the_place_of_the_former(tmp_path: Path) -> None:
    train = labels(tmp_path, {"text": "Như trên.", "topics": [1]}, {"text": "như trên", "topics": [2]})
    assert json.loads(run({"id": 1, "text": "Như trên"}, train=train).stdout)["opinions"][0]["topics"] == [2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: not JSON"),
        ({"topics": [1]}, "line 2: field 'text' is missing"),
        ({"text": "  ", "topics": [1]}, "line 2: field 'text' is empty"),
        ({"text": "a"}, "line 2: field 'topics' is missing"),
        ({"text": "a", "topics": 1}, "line 2: field 'topics' has the wrong type"),
        ({"text": "a", "topics": []}, "line 2: field 'topics' must hold one or two"),
        ({"text": "a", "topics": [1, 1]}, "line 2: field 'topics' must hold one or two"),
        ({"text": "a", "topics": [True]}, "line 2: field 'topics' must hold one or two"),
        ({"text": "a", "topics": [8]}, "line 2: field 'topics': 8 is no topic code; known: 0, 1, 2"),
        ({"text": "a", "topics": [0, 1]}, "line 2: field 'topics': 0 (outside the topic groups) stands alone"),
        ({"text": "a", "topics": [1], "stance": "yes"}, "line 2: field 'stance': 'yes' is none of agree"),
        ({"text": "a", "topics": [1], "stance": 3}, "line 2: field 'stance' has the wrong type"),
    ],
)
def test_a_bad_label_is_named_by_line_and_field(tmp_path: Path, line: object, reason: str) -> None:
    result = run({"id": 1, "text": "a"}, train=labels(tmp_path, LABELS[0], line))
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr.replace("\n", " ")


def test_labels_that_are_not_there_are_bad_input(tmp_path: Path) -> None:
    assert "no label" in run(train=labels(tmp_path)).stderr
    missing = run(train=tmp_path / "khong-co.jsonl")
    assert missing.exit_code == 2
    assert "khong-co.jsonl" in missing.stderr
