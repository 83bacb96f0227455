"""`python -m services.report`: the service as one process."""

import os

from services.report.app import build_app
from services.report.settings import ReportSettings
from shared.http import serve


def main() -> None:
    """Serves until SIGTERM."""
    settings = ReportSettings.from_env(os.environ)
    serve(build_app(settings), settings)


if __name__ == "__main__":
    main()
