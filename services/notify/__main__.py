"""`python -m services.notify`: the service as one process, told everything by its environment."""

import sys

from services.notify.app import SERVICE, build_app
from services.notify.settings import NotifySettings
from shared.process import run

if __name__ == "__main__":
    sys.exit(run(SERVICE, NotifySettings, build_app))
