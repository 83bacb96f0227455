"""`ykien classify` as the contract has it: one line out per line in, in order, no server anywhere."""

import json
from pathlib import Path

from tests.e2e.conftest import ROOT
from tests.support.cli import Cli

CONSULTATION = "dien-bien-2025"
STANCES = {"agree", "partly_agree", "disagree", "amend", "supplement", "delete", "question", "none"}
KEYS = {
    "text",
    "start",
    "end",
    "topics",
    "confidence",
    "stance",
    "cites",
    "edits",
    "language",
    "pii",
    "petition_suspected",
    "general",
    "evidence",
}
TEXTS = (
    "Nhất trí với dự thảo.\n\nTrang 6, dòng 6: đề nghị sửa “giảm nghèo” thành “giảm nghèo đa chiều, bền vững”.",
    "de nghi bo sung chi tieu ve chuyen doi so o cap xa",
    "Đề nghị đầu tư đường vào bản. Số điện thoại của tôi 0900 000 001 😀 rất mong được quan tâm.",
    "",
)


def test_lines_come_back_in_order_and_every_opinion_is_an_exact_span(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"góp-ý-{n}", "text": text}, ensure_ascii=False) for n, text in enumerate(TEXTS)]
    cli = Cli(tmp_path, ROOT)
    answer = cli.run("classify", "--consultation", CONSULTATION, stdin="".join(f"{line}\n" for line in lines))
    assert answer.code == 0, answer.err
    out = [json.loads(line) for line in answer.out.splitlines()]
    assert [row["id"] for row in out] == [f"góp-ý-{n}" for n in range(len(TEXTS))]
    assert out[-1]["opinions"] == []
    for row, text in zip(out[:-1], TEXTS, strict=False):
        assert set(row) == {"id", "opinions"}
        assert row["opinions"]
        for opinion in row["opinions"]:
            assert set(opinion) == KEYS
            assert opinion["text"] == text[opinion["start"] : opinion["end"]]
            assert opinion["topics"]
            assert set(opinion["topics"]) <= set(range(8))
            assert 0 <= opinion["confidence"] <= 1
            assert opinion["stance"] in STANCES
            for place in (*opinion["cites"], *opinion["pii"]):
                assert 0 <= place["start"] < place["end"] <= len(text)
    assert any(e["op"] == "replace" for o in out[0]["opinions"] for e in o["edits"])
    assert any(c["trang"] == "6" and c["dong"] == "6" for o in out[0]["opinions"] for c in o["cites"])
    (phone,) = [p for o in out[2]["opinions"] for p in o["pii"]]
    assert TEXTS[2][phone["start"] : phone["end"]].strip() == "0900 000 001"
    assert cli.run("classify", "--consultation", CONSULTATION, stdin="".join(f"{x}\n" for x in lines)).out == answer.out


def test_a_wrong_id_or_a_broken_line_is_exit_2(tmp_path: Path) -> None:
    cli = Cli(tmp_path, ROOT)
    assert cli.run("classify", "--consultation", "khong-co", stdin='{"id":"1","text":"a"}\n').code == 2
    broken = cli.run("classify", "--consultation", CONSULTATION, stdin='{"id":"1","text":"a"}\n{broken\n')
    assert broken.code == 2
    assert "2" in broken.err


def test_labels_are_learned_before_the_first_line_is_read(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    known = {"text": "Sa nhân dưới tán rừng cho thu nhập khá.", "topics": [4, 6], "stance": "agree"}
    rows = [known, {"text": "Bản tôi muốn trồng sa nhân.", "topics": [6]}]
    labels.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    line = json.dumps({"id": "1", "text": known["text"]}, ensure_ascii=False)
    answer = Cli(tmp_path, ROOT).run("classify", "--consultation", CONSULTATION, "--train", labels, stdin=line)
    assert answer.code == 0, answer.err
    (opinion,) = json.loads(answer.out)["opinions"]
    assert (opinion["topics"], opinion["stance"]) == ([4, 6], "agree")


def test_a_label_that_cannot_be_read_is_exit_2_and_named(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"text": "a", "topics": [77]}\n')
    answer = Cli(tmp_path, ROOT).run("classify", "--consultation", CONSULTATION, "--train", labels, stdin="")
    assert answer.code == 2
    assert "line 1" in answer.err
    assert "topics" in answer.err


def test_the_text_model_is_measured_on_texts_it_has_not_seen(tmp_path: Path) -> None:
    (tmp_path / "sents.txt").write_text("thầy dạy hay\nphòng học nóng\n", "utf-8")
    (tmp_path / "topics.txt").write_text("0\n2\n")
    answer = Cli(tmp_path, ROOT).run("benchmark-text", "--train", tmp_path, "--test", tmp_path, "--task", "topics")
    assert answer.code == 0, answer.err
    assert set(json.loads(answer.out)) == {"weighted_f1", "macro_f1", "fit_s", "per_s"}
