"""Bombs, locked and broken files end as a reading with its reason, quickly, and never as an error."""

import io
import random
import struct
import zipfile

import pypdf
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msoffcrypto.format import ooxml  # type: ignore[import-untyped]
from PIL import Image

from services.ingest.reading import found, kinds, limits
from services.ingest.reading.read import read
from shared.events import Reading
from tests.support.growth import timed
from tests.unit.services.ingest.reading.build import SAMPLES, docx, paragraph, pdf, sample, zipped

READINGS = {reading.value for reading in Reading}


def reading(data: bytes, name: str = "") -> str:
    return read(data, "", name).reading


def scan() -> bytes:
    out = io.BytesIO()
    Image.new("L", (300, 400), 200).save(out, "PDF")
    return out.getvalue()


def test_the_words_of_the_process_apart_are_those_of_the_events() -> None:
    words = {value for name, value in vars(found).items() if name.isupper() and isinstance(value, str)}
    assert words == READINGS


def test_entities_are_never_expanded() -> None:
    laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><w><body><p>&b;&c;</p></body></w>'
    for encoding in ("utf-8", "utf-16"):
        assert reading(zipped({"word/document.xml": laughs.encode(encoding)})) == "bomb"
    assert reading(zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": laughs})) == "bomb"


def test_a_part_that_unpacks_to_too_much_is_not_unpacked() -> None:
    assert reading(docx("<!--" + " " * (limits.MAX_PART + 1) + "-->")) == "bomb"


def test_a_directory_that_lies_about_the_size_gains_nothing() -> None:
    data = bytearray(docx("<!--" + " " * 5_000_000 + "-->"))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)
    assert reading(bytes(data)) in {"malformed", "bomb"}


def test_too_many_parts() -> None:
    assert reading(zipped({f"a{n}": b"" for n in range(limits.MAX_ENTRIES + 1)})) == "bomb"


def test_two_cells_at_opposite_corners_of_a_sheet() -> None:
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    parts = {"xl/workbook.xml": f"<workbook {ns}/>", "xl/worksheets/sheet1.xml": f"<worksheet {ns}>{cells}</worksheet>"}
    assert reading(zipped(parts)) == "bomb"


def test_groups_within_groups_of_rich_text() -> None:
    assert reading(b"{\\rtf1" + b"{" * 100_000) == "bomb"


def test_pages_without_end() -> None:
    assert reading(pdf(pages=limits.MAX_PAGES + 1)) == "bomb"


def test_a_picture_with_deep_xml_is_malformed_at_worst() -> None:
    assert reading(docx("<w:p>" * 5_000)) == "malformed"


def test_more_text_than_a_submission_can_ever_carry_does_not_leave_the_process() -> None:
    assert reading(docx(paragraph("ý kiến " * 250_000))) == "too_long"


def test_locked_files_say_so() -> None:
    out = io.BytesIO()
    ooxml.OOXMLFile(io.BytesIO(sample("y-kien.docx"))).encrypt("mat-khau", out)
    assert reading(out.getvalue()) == "encrypted"
    assert reading(pdf(password="mat-khau")) == "encrypted"
    assert reading(pdf(password="")) != "encrypted"
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    kind = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "x",
        "META-INF/manifest.xml": manifest,
    }
    assert reading(zipped(kind)) == "encrypted"
    data = bytearray(sample("y-kien.doc"))
    at = data.index(b"\xec\xa5")  # FibBase
    data[at + 11] |= 0x01  # fEncrypted
    assert reading(bytes(data)) == "encrypted"


def test_scans_are_for_people_and_typed_pages_beside_them_are_read() -> None:
    assert reading(scan()) == "transcribe"
    assert reading(pdf()) == "no_text"
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(sample("chu-muon.pdf")))
    writer.append(io.BytesIO(scan()))
    out = io.BytesIO()
    writer.write(out)
    both = read(out.getvalue(), "", "")
    assert both.reading == "text"
    assert "Đề nghị bổ sung" in both.text
    assert [member.reading for member in both.members] == ["transcribe"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "no_text"),
        (b" \r\n\t", "no_text"),
        (b"\x89PNG\r\n\x1a\n123", "transcribe"),
        (b"\xff\xd8\xff\xe0", "transcribe"),
        (b"MZ\x90\x00\x03\x00", "unsupported"),
        (b"\x7fELF\x02\x01\x01\x00", "unsupported"),
        (b"#!/bin/sh\nrm -rf /\n", "unsupported"),
        (b"ID3\x03\x00\x00", "unsupported"),
        (b"\x00\x00\x00\x20ftypisom", "unsupported"),
        (b"Rar!\x1a\x07\x01\x00", "unsupported"),
        (b"%PDF-1.7\nrubbish", "malformed"),
        (b"PK\x03\x04rubbish", "malformed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rubbish", "malformed"),
        (bytes(range(256)) * 9, "unsupported"),
        (b"MZ la chu viet tat trong thu nay", "text"),
    ],
)
def test_other_files(data: bytes, expected: str) -> None:
    assert reading(data) == expected


def test_filled_in_fields_and_reviewers_notes_of_a_pdf_are_read() -> None:
    assert read(sample("phieu.pdf"), "", "").text == "Dien vao o nay\nĐề nghị bỏ câu này"


def test_a_sentence_that_runs_on_overleaf_is_not_cut_by_the_page_number() -> None:
    pages = '#set page(width: 12cm, height: 5cm, numbering: "1")\nĐề nghị mở rộng\n\n2\n#pagebreak()\nđường liên xã.'
    found = typst.compile(pages.encode())
    lines = read(found, "", "").text.split("\n")
    assert lines == ["Đề nghị mở rộng", "2", "đường liên xã."]


def _sound(data: bytes, name: str = "") -> None:
    seconds, answer = timed(lambda: read(data, "", name), most=5)
    assert answer.reading in READINGS
    assert (answer.text == "") == (answer.reading != "text")
    assert seconds <= 5


_MAGICS = [b"", b"%PDF-1.4\n", b"{\\rtf1 ", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"From: a\n\n"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_MAGICS), st.binary(max_size=2000), st.sampled_from(["", "a.eml", "a.txt"]))
def test_random_bytes(magic: bytes, rest: bytes, name: str) -> None:
    _sound(magic + rest, name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="\\{}'ubinparfcelrowtd0123456789- ;*\né", max_size=400))
def test_random_rich_text(text: str) -> None:
    _sound(b"{\\rtf1" + text.encode("latin-1"))


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".md"))
def test_cut_and_flipped_files(name: str) -> None:
    whole = sample(name)
    chance = random.Random(name)
    for _ in range(30):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        _sound(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))


@pytest.mark.parametrize("name", ["y-kien.docx", "y-kien.odt", "bang.xlsx"])
def test_flipped_xml_inside_a_sound_zip(name: str) -> None:
    chance = random.Random(name)
    with zipfile.ZipFile(io.BytesIO(sample(name))) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    for _ in range(30):
        changed = dict(parts)
        victim = chance.choice([part for part in parts if part.endswith(".xml") and parts[part]])
        data = bytearray(parts[victim])
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        _sound(zipped({**changed, victim: bytes(data)}))


def test_every_kind_is_told_by_its_first_bytes() -> None:
    told = {path.suffix: kinds.kind(path.read_bytes()) for path in SAMPLES.iterdir()}
    assert told == {
        ".doc": "ole", ".xls": "ole",
        ".docx": "zip", ".xlsx": "zip", ".odt": "zip", ".ods": "zip", ".rtf": "rtf", ".pdf": "pdf", ".md": "plain",
    }  # fmt: skip
