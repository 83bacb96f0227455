"""What every service's process does around its app: read the environment, set up logs and traces, serve, let the last spans go."""

import os
import sys
from collections.abc import Callable
from typing import TypeVar

from litestar import Litestar

from shared import logging, telemetry
from shared.http import serve
from shared.settings import ServiceSettings, SettingsError
from shared.yaml_model import DefinitionError

S = TypeVar("S", bound=ServiceSettings)
WRONG_ENVIRONMENT = 2


def run(service: str, settings_type: type[S], build_app: Callable[[S], Litestar]) -> int:
    """Serves until SIGTERM; the exit code: 2 when the environment, a settings file or a secret is not usable, said on stderr."""
    try:
        settings = settings_type.from_env(os.environ)
        logging.configure(service, settings.log_level)
        traces = telemetry.configure(service, settings)
        app = build_app(settings)
    except (SettingsError, DefinitionError) as error:
        return _refused(service, error)
    try:
        serve(app, settings)
    except (SettingsError, DefinitionError) as error:
        return _refused(service, error)
    finally:
        traces.shutdown()
    return 0


def _refused(service: str, error: Exception) -> int:
    sys.stderr.write(f"{service}: {error}\n")
    return WRONG_ENVIRONMENT
