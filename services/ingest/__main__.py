"""`python -m services.ingest`: one process, told everything by its environment."""

import os
import sys

from services.ingest.app import SERVICE, build_app
from services.ingest.settings import IngestSettings
from shared import logging, telemetry
from shared.http import serve
from shared.settings import SettingsError


def main() -> int:
    """Serves until SIGTERM. Exit code 2: the environment is wrong."""
    try:
        settings = IngestSettings.from_env(os.environ)
        logging.configure(SERVICE, settings.log_level)
        traces = telemetry.configure(SERVICE, settings)
        app = build_app(settings)
    except SettingsError as error:
        sys.stderr.write(f"ingest: {error}\n")
        return 2
    try:
        serve(app, settings)
    finally:
        traces.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
