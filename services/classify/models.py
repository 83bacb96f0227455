"""The model of each consultation, built once per definition."""

from services.classify.model import TopicModel, build_model
from shared.consultation import Consultation


class Models:
    """A definition that changed makes a new model at the next submission; one that only came again does not."""

    def __init__(self) -> None:
        self._built: dict[str, tuple[Consultation, TopicModel]] = {}

    def of(self, consultation: Consultation) -> TopicModel:
        """The model of this definition."""
        built = self._built.get(consultation.id)
        if built is None or (built[0] is not consultation and built[0] != consultation):
            built = (consultation, build_model(consultation))
            self._built[consultation.id] = built
        return built[1]
