"""What the training process is told, as JSON on its standard input."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict

from services.classify.learning.rows import Labelled
from shared.consultation import Consultation
from shared.draft_text import DraftPage, DraftText
from shared.events import Stance


class _Page(BaseModel):
    number: int
    lines: tuple[str, ...]
    starts: tuple[int, ...]


class _Row(BaseModel):
    text: str
    topics: tuple[int, ...]
    stance: Stance | None


class Lesson(BaseModel):
    """Everything that a model is made of."""

    model_config = ConfigDict(frozen=True)

    consultation: Consultation
    texts: dict[str, tuple[_Page, ...]]
    rows: tuple[_Row, ...]

    @classmethod
    def of(cls, consultation: Consultation, texts: Mapping[str, DraftText], rows: Sequence[Labelled]) -> "Lesson":
        """The lesson of these rows."""
        return cls.model_validate(
            {
                "consultation": consultation,
                "texts": {id_: [asdict(page) for page in text.pages] for id_, text in texts.items()},
                "rows": [asdict(row) for row in rows],
            }
        )

    def draft_texts(self) -> dict[str, DraftText]:
        """The drafts' texts as they were."""
        return {
            id_: DraftText(tuple(DraftPage(page.number, page.lines, page.starts) for page in pages))
            for id_, pages in self.texts.items()
        }

    def labelled(self) -> list[Labelled]:
        """The rows as they were."""
        return [Labelled(row.text, row.topics, row.stance) for row in self.rows]
