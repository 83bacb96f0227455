"""Files of a submission that no program could read: people have to look at them, whatever became of the text. Pure."""

from shared.events import Reading, Sha256, SubmissionReceived

# NO_TEXT was read and is empty; None is an event of an older version, of which nobody knows.
_SETTLED = frozenset({Reading.TEXT, Reading.NO_TEXT, None})


def unread_files(received: SubmissionReceived) -> tuple[Reading, ...]:
    """Why each of them waits, in the order they came; none for mail that no person wrote.

    A file is one file however often it is listed (a PDF with typed and scanned pages stands twice in the event), and a copy of it
    sent along has nothing more to say. The whole message as it came (`original`) is no file to read.
    """
    return () if received.automatic is not None else tuple(unread(received).values())


def unread(received: SubmissionReceived) -> dict[Sha256, Reading]:
    """The same by the file's hash, whoever wrote."""
    found: dict[Sha256, Reading] = {}
    for file in received.attachments:
        if file.role == "file" and file.reading is not None and file.reading not in _SETTLED:
            found.setdefault(file.sha256, file.reading)
    return found


def holds_text(received: SubmissionReceived) -> bool:
    """Whether part of the submission's text was read from a file."""
    return any(file.role == "file" and file.reading is Reading.TEXT for file in received.attachments)
