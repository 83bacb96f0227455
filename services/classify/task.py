"""A submission on its way through a batch, and how pieces of its text are read anew."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.classify.model import TopicModel
from services.classify.pipeline import read_piece
from services.classify.steps.view import View, view
from shared.consultation import Consultation
from shared.events import Opinion, SubmissionClassified, SubmissionReceived


@dataclass(frozen=True)
class Task:
    """A submission to decide, and what to decide it by."""

    received: SubmissionReceived
    definition: Consultation
    model: TopicModel


class Pieces:
    """Reads parts of opinions as opinions of their own, each text looked through once."""

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._tasks = tasks
        self._views: dict[str, View] = {}

    def __call__(self, event: SubmissionClassified, _whole: Opinion, start: int, end: int, opinion_id: str) -> Opinion:
        """The piece [start, end) of the submission's text under that id."""
        task = self._tasks[event.submission_id]
        seen = self._views.get(event.submission_id)
        if seen is None:
            seen = self._views[event.submission_id] = view(task.received.text)
        return read_piece(
            seen,
            (start, end),
            task.model,
            opinion_id=opinion_id,
            section_ref=task.received.section_ref,
            given=task.received.stance,
        )
