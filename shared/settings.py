"""What every service is told by its environment, read once into one frozen model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from shared.errors import Permanent


class SettingsError(Permanent):
    """The environment is not usable; the text names the variable and the reason."""


class ServiceSettings(BaseModel):
    """Settings of all services; each service adds its own. Field `nats_url` is read from `YKIEN_NATS_URL`.

    A field whose name ends in `_file` holds a path to a secret; the secret itself never stands in the environment.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    nats_url: str = "nats://127.0.0.1:4222"
    mongo_url: str | None = Field(None, description="unset: SQLite under `data`")
    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)
    log_level: Annotated[str, AfterValidator(str.upper), Field(pattern="(?i)^(debug|info|warning|error|critical)$")] = (
        "INFO"
    )
    public_url: str = Field(
        "http://127.0.0.1:8080", description="how citizens reach the gateway; used in links and QR codes"
    )
    otlp_endpoint: str | None = Field(None, description="OTEL_EXPORTER_OTLP_ENDPOINT; unset: no export")
    trace_file: Path | None = Field(None, description="spans as JSON lines into this file (tests, embedded run)")
    trusted_proxies: str = Field(
        "127.0.0.1", description="comma-separated addresses whose X-Forwarded-* headers are believed"
    )
    ack_wait_s: float = Field(
        30.0, gt=0, description="redelivery after a crash; also the base of the consumer's patience"
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Reads `YKIEN_<FIELD>`. Raises SettingsError naming each wrong variable."""
        values = {
            name: env[key] for name in cls.model_fields if (key := f"YKIEN_{name.upper()}") in env and env[key] != ""
        }
        for name in ("nats_url", "mongo_url"):  # URLs may hold passwords, so a file may hold the URL
            if path := env.get(f"YKIEN_{name.upper()}_FILE"):
                values[name] = read_secret(Path(path)).decode()
        if env.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
            values["otlp_endpoint"] = env["OTEL_EXPORTER_OTLP_ENDPOINT"]
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            faults = "; ".join(f"YKIEN_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise SettingsError(faults) from error


def read_secret(path: Path) -> bytes:
    """The content of a secret file without its trailing newline. Raises SettingsError when it cannot be read or is empty."""
    try:
        secret = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise SettingsError(f"secret file {path}: {error.strerror}") from error
    if not secret:
        raise SettingsError(f"secret file {path} is empty")
    return secret
