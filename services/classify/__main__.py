"""`python -m services.classify`: the service as one process, told everything by its environment."""

import sys

from services.classify import collector
from services.classify.app import SERVICE, build_app
from services.classify.settings import ClassifySettings
from shared.process import run

if __name__ == "__main__":
    collector.rest()
    sys.exit(run(SERVICE, ClassifySettings, build_app))
