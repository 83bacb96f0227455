"""`python -m services.report`: the service as one process, told everything by its environment."""

import sys

from services.report.app import SERVICE, build_app
from services.report.settings import ReportSettings
from shared.process import run

if __name__ == "__main__":
    sys.exit(run(SERVICE, ReportSettings, build_app))
