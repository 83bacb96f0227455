"""`ykien benchmark-text` on a folder of the layout it expects."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli.benchmark_text import benchmark_text

app = typer.Typer()
app.command()(benchmark_text)

TEXTS = ("thầy dạy rất hay .", "giảng bài dễ hiểu .", "phòng học quá nóng .", "máy chiếu của phòng hỏng .")
LABELS = ("0", "0", "2", "2")


def layout(folder: Path, texts: tuple[str, ...] = TEXTS, labels: tuple[str, ...] = LABELS) -> Path:
    folder.mkdir()
    (folder / "sents.txt").write_text("\n".join(texts) + "\n", "utf-8")
    (folder / "topics.txt").write_text("\n".join(labels), "utf-8")
    return folder


def run(train: Path, test: Path) -> Result:
    return CliRunner().invoke(app, ["--train", str(train), "--test", str(test), "--task", "topics"])


def test_one_json_line_with_the_four_figures(tmp_path: Path) -> None:
    answer = run(layout(tmp_path / "a"), layout(tmp_path / "b", TEXTS[1:3], LABELS[1:3]))
    figures = json.loads(answer.stdout)
    assert list(figures) == ["weighted_f1", "macro_f1", "fit_s", "per_s"]
    assert figures["weighted_f1"] == figures["macro_f1"] == 1.0
    assert figures["fit_s"] >= 0
    assert figures["per_s"] > 0


@pytest.mark.parametrize(
    ("texts", "labels", "reason"),
    [
        (TEXTS, LABELS[:3], "4 texts and 3 labels"),
        (TEXTS, ("0", "x", "2", "2"), "line 2: 'x' is no label number"),
        (TEXTS, ("0",) * 4, "1 kinds"),
    ],
)
def test_a_folder_that_does_not_fit_is_bad_input(
    tmp_path: Path, texts: tuple[str, ...], labels: tuple[str, ...], reason: str
) -> None:
    answer = run(layout(tmp_path / "a", texts, labels), layout(tmp_path / "b"))
    assert answer.exit_code == 2
    assert reason in answer.stderr.replace("\n", " ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = layout(tmp_path / "a")
    (folder / "sents.txt").unlink()
    answer = run(folder, folder)
    assert answer.exit_code == 2
    assert "sents.txt" in answer.stderr
