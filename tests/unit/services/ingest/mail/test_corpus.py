"""Every mail of the corpus becomes what its expectation says: no word lost, none added, no machine taken for a person."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio

from services.ingest.attachments import File
from services.ingest.mail.content import MailContent, MailFile
from services.ingest.mail.parse import parse
from services.ingest.reading.reader import Reader
from tests.support.mail_corpus import FOLDER, OWN_ADDRESSES, CorpusMail, mail, mails

_FIELDS = (
    "message_id",
    "references",
    "subject",
    "from_name",
    "from_address",
    "reply_address",
    "date",
    "text",
    "automatic",
    "answerable",
    "damage",
)
_NEEDED = frozenset((FOLDER / "features.txt").read_text("utf-8").split())  # written from the task, before the mails
_NO_CRLF = {"empty", "lone-cr", "lone-lf"}  # nothing to deliver twice, or line ends of their own
_WITH_READINGS = tuple(
    one for one in mails() if any({"reading", "members"} & file.keys() for file in one.expected.get("files", ()))
)


def _parsed(one: CorpusMail) -> MailContent:
    return parse(one.raw, own_addresses=OWN_ADDRESSES, return_path=one.return_path)


def _wanted(key: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if key == "date" and value else value


def _named(one: CorpusMail) -> Any:
    return pytest.param(one, id=one.name)


@pytest.mark.parametrize("one", map(_named, mails()))
def test_mail_becomes_what_its_writer_meant(one: CorpusMail) -> None:
    content = _parsed(one)
    expected = {key: _wanted(key, one.expected[key]) for key in _FIELDS if key in one.expected}
    assert {key: getattr(content, key) for key in expected} == expected
    assert one.expected.get("contains", "") in content.text
    if "files" in one.expected:
        files = [{"filename": f["filename"], "content_type": f["content_type"]} for f in one.expected["files"]]
        assert [{"filename": f.filename, "content_type": f.content_type} for f in content.files] == files


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader() -> AsyncIterator[Reader]:
    made = Reader()
    yield made
    await made.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("one", map(_named, _WITH_READINGS))
async def test_files_of_a_mail_are_read_as_text_or_say_why_not(one: CorpusMail, reader: Reader) -> None:
    for file, expected in zip(_parsed(one).files, one.expected["files"], strict=True):
        read = await reader.read([_file(file)])
        if expected.get("eml"):  # whether the words stand with the mail or with a part of it is the reader's choice
            assert _lines("\n".join(each.text for each in read)) == _lines(expected["text"])
        elif "reading" in expected:
            _same(read[0], expected)
        for member in expected.get("members", ()):
            _same({each.filename: each for each in read}[member["filename"]], member)


def _file(file: MailFile) -> File:
    return File(filename=file.filename, content_type=file.content_type, data=file.data)


def _same(read: File, expected: dict[str, Any]) -> None:
    allowed = expected["reading"] if isinstance(expected["reading"], list) else [expected["reading"]]
    assert read.reading in allowed
    assert _lines(read.text) == _lines(expected.get("text", ""))


def _lines(text: str) -> list[str]:
    """The lines that hold something: blank lines between paragraphs are a matter of the file's layout."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("one", [_named(one) for one in mails() if one.name not in _NO_CRLF])
def test_way_a_mail_came_by_changes_nothing(one: CorpusMail) -> None:
    """Some hops turn CRLF into LF, all add lines of their own on top: the second copy must be known for the same letter."""
    again = b"Received: from a by b; Thu, 11 Jun 2026 00:00:00 +0000\nX-Spam-Score: 3\n" + one.raw.replace(
        b"\r\n", b"\n"
    )
    second = parse(again, own_addresses=OWN_ADDRESSES, return_path=one.return_path)
    assert second.text == _parsed(one).text
    assert second.fingerprint == _parsed(one).fingerprint


def test_second_delivery_has_the_same_fingerprint_and_another_mail_has_not() -> None:
    first, second = (_parsed(mail(f"second-delivery-{n}")) for n in (1, 2))
    assert first.fingerprint == second.fingerprint
    one, other = (_parsed(mail(f"duplicate-message-id-{n}")) for n in (1, 2))
    assert one.message_id == other.message_id
    assert one.fingerprint != other.fingerprint


def test_corpus_shows_every_feature_named_for_it() -> None:
    assert {feature for one in mails() for feature in one.features} >= _NEEDED
    assert len(mails()) >= 70
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {one.name for one in mails()}


def test_every_mail_is_listed_in_the_readme() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert [one.name for one in mails() if f"| {one.name} |" not in readme] == []
