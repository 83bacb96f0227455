"""`python -m services.notify`."""

import os

from services.notify.app import SERVICE, build_app
from services.notify.settings import NotifySettings
from shared import logging, telemetry
from shared.http import serve


def main() -> None:
    """Runs the service until SIGTERM."""
    settings = NotifySettings.from_env(os.environ)
    logging.configure(SERVICE, settings.log_level)
    telemetry.configure(SERVICE, settings)
    serve(build_app(settings), settings)


if __name__ == "__main__":
    main()
