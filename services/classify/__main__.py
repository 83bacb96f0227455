"""`python -m services.classify`."""

import os
import sys

from services.classify.app import SERVICE, build_app
from services.classify.settings import Settings
from shared import logging, telemetry
from shared.http import serve
from shared.settings import SettingsError


def main() -> int:
    """Serves until SIGTERM. Exit code 2: the environment is wrong."""
    try:
        settings = Settings.from_env(os.environ)
        logging.configure(SERVICE, settings.log_level)
        traces = telemetry.configure(SERVICE, settings)
        app = build_app(settings)
    except SettingsError as error:
        sys.stderr.write(f"classify: {error}\n")
        return 2
    try:
        serve(app, settings)
    finally:
        traces.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
