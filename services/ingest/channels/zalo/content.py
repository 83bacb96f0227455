"""A closed conversation as a submission. Pure."""

from collections.abc import Mapping

from services.ingest import submission
from services.ingest.attachments import File
from services.ingest.channels.zalo.conversation import Closing, Conversation
from services.ingest.channels.zalo.message import RemoteFile
from services.ingest.respondent import Person, ReplyTo
from services.ingest.submission import Submission
from shared.events import Reading

_WHY = {
    "too-large": "tệp quá lớn",
    "host-not-allowed": "địa chỉ tệp không thuộc máy chủ của Zalo",
    "wrong-checksum": "nội dung tải về không khớp với mã kiểm tra",
    "wrong-size": "nội dung tải về không đủ dung lượng đã khai",
    "http-404": "tệp không còn trên máy chủ của Zalo",
    "http-410": "tệp không còn trên máy chủ của Zalo",
}


def worth_keeping(closing: Closing) -> bool:
    """Stickers, cards and bare places are no opinion: a conversation of nothing else is counted apart, not as a submission."""
    return any(message.says_something for message in closing.messages)


def person(state: Conversation) -> Person:
    """By the account; an anonymous chat has none that could be answered."""
    if state.anonymous:
        return Person(account=f"zalo:{state.oa}:anonymous:{state.user}")
    return Person(account=f"zalo:{state.oa}:{state.user}", reply_to=ReplyTo(zalo_oa=state.oa, zalo_user=state.user))


def to_submission(state: Conversation, closing: Closing, held: Mapping[str, bytes]) -> Submission:
    """Messages in the order in which they were sent, one line each. `held`: file bytes by `RemoteFile.blob`."""
    messages = sorted(closing.messages, key=lambda m: (m.spoken_at, m.received_at))
    lines = [message.text for message in messages if message.text.strip()]
    places = [message.place for message in messages if message.place]
    if lines and places:  # a place alone says nothing; beside words it says where
        lines += [f"(Vị trí gửi kèm: {place})" for place in places]
    return submission.keep(
        text="\n".join(lines),
        person=person(state),
        kept=[_file(file, held) for message in messages for file in message.files],
        submitted_at=min(message.spoken_at for message in messages),
    )


def _file(file: RemoteFile, held: Mapping[str, bytes]) -> File:
    if file.said:
        return File(
            filename=file.name,
            content_type="application/json",
            data=file.said.encode(),
            reading=Reading.UNSUPPORTED,
        )
    if file.state == "held":
        return File(filename=_named(file), content_type=file.content_type, data=held[file.blob])
    why = _WHY.get(file.reason, "máy chủ của Zalo không trả tệp")
    note = f"Người góp ý đã gửi tệp “{file.name}” qua Zalo nhưng hệ thống không tải được: {why}.\n"
    return File(
        filename=f"{file.name}.khong-tai-duoc.txt",
        content_type="text/plain",
        data=note.encode(),
        reading=Reading.MALFORMED,  # people shall see it; the note is no opinion
    )


def _named(file: RemoteFile) -> str:
    endings = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "application/pdf": ".pdf"}
    ending = endings.get(file.content_type, "")
    return file.name if "." in file.name[-6:] else file.name + ending
