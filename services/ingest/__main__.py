"""`python -m services.ingest`: the service as one process, told everything by its environment."""

import sys

from services.ingest.app import SERVICE, build_app
from services.ingest.settings import IngestSettings
from shared.process import run

if __name__ == "__main__":
    sys.exit(run(SERVICE, IngestSettings, build_app))
