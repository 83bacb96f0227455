"""`python -m services.classify.retrain.child`: a lesson on standard input, the artifact on standard output.

A process of its own, so that training takes no time from the service and may die without harm. Nothing of the lesson is logged.
"""

import os
import sys
import traceback
from pathlib import PurePath

from services.classify.learning.train import train
from services.classify.model import build_model
from services.classify.retrain.lesson import Lesson

NICENESS = 10


def main() -> int:
    """Trains. Exit code 1: the rows cannot be learned from, standard error says where it failed."""
    os.nice(NICENESS)
    try:
        lesson = Lesson.model_validate_json(sys.stdin.buffer.read())
        day0 = build_model(lesson.consultation, lesson.draft_texts())
        artifact = train(lesson.labelled(), day0)
    except Exception as error:  # noqa: BLE001 - its text may quote citizens: only its kind and place are told
        last = traceback.extract_tb(error.__traceback__)[-1]
        sys.stderr.write(f"{type(error).__name__} in {PurePath(last.filename).name}:{last.lineno}\n")
        return 1
    sys.stdout.buffer.write(artifact)
    return 0


if __name__ == "__main__":
    sys.exit(main())
