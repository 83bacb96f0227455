"""A wrong definition is refused with file, line, field and reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.consultation_yaml import DefinitionError, load, load_all

GOOD = """\
id: thu-nghiem
title: Lấy ý kiến thử
short_title: Góp ý thử
introduction: Mời góp ý.
issuer:
  parent: CẤP TRÊN
  name: BAN THỬ NGHIỆM
  report_symbol: BC/BTN
  place: Nơi thử
  post: TRƯỞNG BAN
  addressees: [Nơi gửi]
  distribution_list: [Như trên]
window:
  opens: 2025-06-11T00:00:00+07:00
  closes: 2025-06-21T00:00:00+07:00
support_phone: 0215 3000 000
drafts:
  - id: du-thao
    title: Dự thảo
    versions:
      - version: 1
        published_on: 2025-06-10
        text: thu/du-thao.txt
        sections:
          - {ref: I, title: Mở đầu, page: 1}
          - {ref: II, title: Kết quả, page: 2}
topic_groups:
  - {code: 1, title: Một, description: Nhóm một, sections: [I]}
  - code: 2
    title: Hai
    description: Nhóm hai
    sections: [II]
channels:
  - {id: web, name: Trang thông tin}
recipients:
  - {id: chanh-van-phong, post: Chánh Văn phòng, email: vp@example.vn}
report:
  weekday: wednesday
  cut_off: 14:00
  due: 16:00
"""
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_definition(text: str) -> Path:
        (tmp_path / "thu").mkdir(exist_ok=True)
        (tmp_path / "thu" / "du-thao.txt").write_text("[trang 1]\nMột\n[trang 2]\nHai\n", "utf-8")
        path = tmp_path / "thu.yaml"
        path.write_text(text, "utf-8")
        return path

    return write_definition


def faults(path: Path) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        load(path)
    return str(caught.value).removeprefix(f"{path}:").split(f"\n{path}:")


def test_a_good_definition_keeps_its_zone_and_gets_no_hash(write: Write) -> None:
    consultation = load(write(GOOD))
    assert consultation.window.opens.isoformat() == "2025-06-11T00:00:00+07:00"
    assert consultation.report.cut_off.hour == 14
    assert consultation.drafts[0].current.sha256 is None


def line_of(text: str, place: str) -> int:
    return text[: text.index(place)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "place", "fault"),
    [
        ("cut_off: 14:00", "cut_off: chiều", "cut_off", "report.cut_off: "),
        ("cut_off: 14:00", "cut_off: 17:00", "report:", "report: cut_off must be earlier than due"),
        ("weekday: wednesday", "weekday: thứ tư", "weekday", "report.weekday: "),
        ("page: 2", "page: 0", "page: 0", "drafts.0.versions.0.sections.1.page: "),
        ("page: 2", "page: 3", "page: 3", "drafts.0.versions.0.sections.1.page: page 3 is beyond the text's 2 pages"),
        ("thu/du-thao.txt", "thu/khong-co.txt", "thu/khong", "drafts.0.versions.0.text: "),
        ("thu/du-thao.txt", "../x.txt", "../x.txt", "drafts.0.versions.0.text: must stay inside"),
        ("  place: Nơi thử\n", "", "issuer:", "issuer.place: Field required"),
        ("support_phone:", "support_fone:", "support_fone:", "support_fone: Extra inputs are not permitted"),
        ("sections: [II]", "sections: [IV]", "- code: 2", "topic_groups.1: section 'IV' is in no draft"),
        ("code: 2", "code: 1", "topic_groups:", "topic_groups: used twice: 1"),
        ("title: Hai", "title: Hai\n    title: Ba", "title: Ba", 'yaml: found duplicate key "title"'),
        ("issuer:\n", "issuer: [\n", "  name: BAN", "yaml: "),
        ("opens: 2025-06-11T00:00:00+07:00", "opens: 2025-06-11T00:00:00", "opens:", "window.opens: "),
        ("email: vp@example.vn", "email: vp", "email: vp", "recipients.0.email: "),
    ],
)
def test_a_fault_is_reported_once_at_its_line(write: Write, old: str, new: str, place: str, fault: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    found = faults(write(text))
    assert any(one.startswith(f"{line_of(text, place)}: {fault}") for one in found), found
    assert len(found) == (2 if "fone" in new else 1)


def test_all_faults_are_reported_at_once_in_order_of_lines(write: Write) -> None:
    text = (
        GOOD.replace("weekday: wednesday", "weekday: x").replace("code: 2", "code: hai").replace("page: 2", "page: 0")
    )
    lines = [int(one.split(":")[0]) for one in faults(write(text))]
    assert lines == [line_of(text, place) for place in ("page: 0", "code: hai", "weekday: x")]


@pytest.mark.parametrize("text", ["", "- a\n", "chỉ một chuỗi"])
def test_a_file_that_is_no_mapping_is_refused(write: Write, text: str) -> None:
    assert faults(write(text)) == ["1: file: must be a mapping of fields, is empty or something else"]


def test_wrong_bytes_and_a_missing_file_are_named(write: Write, tmp_path: Path) -> None:
    path = write(GOOD)
    path.write_bytes(b"id: a\ntitle: \xff\n")
    assert faults(path) == ["2: file: is not UTF-8"]
    assert "cannot be read" in faults(tmp_path / "nix.yaml")[0]


def test_a_broken_draft_text_is_reported_with_its_own_line(write: Write, tmp_path: Path) -> None:
    path = write(GOOD)
    (tmp_path / "thu" / "du-thao.txt").write_text("[trang 2]\n", "utf-8")
    assert "du-thao.txt: line 1" in faults(path)[0]


def test_a_folder_is_loaded_whole_and_an_id_may_occur_once(write: Write, tmp_path: Path) -> None:
    path = write(GOOD)
    assert [c.id for c in load_all(tmp_path)] == ["thu-nghiem"]
    (tmp_path / "zz.yaml").write_text(path.read_text("utf-8"), "utf-8")
    with pytest.raises(DefinitionError, match="already defined"):
        load_all(tmp_path)
