"""The demo's channel settings, made before the system starts: what an office would write by hand, with keys of this run only."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from joserfc.jwk import ECKey, KeySet

from deploy.demo.zalo_oa import ZaloOa
from deploy.embedded.ports import free_port

MAILBOX = "gopy.vankien@tinhuy-dienbien.example"
ISSUER, AUDIENCE = "https://gopy.vneid.example", "https://gopy-dienbien.example"
OA_ID, KID = "oa-dien-bien", "khoa-2025"


@dataclass
class Surroundings:
    """Everything outside of Ykien that the channels talk to, on loopback."""

    folder: Path  # of the channels' settings
    consultation: str
    imap_port: int | None = None  # None: no Dovecot here, the mailbox is left out
    imap_user: str = ""
    imap_password: str = ""
    smtp_port: int = field(default_factory=free_port)
    oa: ZaloOa = field(default_factory=ZaloOa)
    oa_secret: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    signing_key: ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"kid": KID, "use": "sig", "alg": "ES256"})
    )

    def prepare(self) -> None:
        """Writes the files and starts the stand-in for Zalo."""
        self.oa.start()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write("zalo-oa.secret", self.oa_secret)
        self._write("zalo-app.secret", self.oa.app_secret)
        self._write("zalo-refresh.token", self.oa.refresh_token)
        self._write("vneid.jwks.json", json.dumps(KeySet([self.signing_key]).as_dict(private=False)))
        self._write("email.yaml", self._email())
        self._write("zalo.yaml", self._zalo())
        self._write("zalo-replies.yaml", self._zalo_replies())
        self._write("vneid.yaml", self._vneid())

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text + "\n")

    def _email(self) -> str:
        listener = f"listener:\n  listen: 127.0.0.1:{self.smtp_port}\n"
        if self.imap_port is None:
            return listener
        self._write("mailbox.password", self.imap_password)
        return listener + (
            f"mailboxes:\n  - id: gopy\n    consultation: {self.consultation}\n    host: 127.0.0.1\n    port: {self.imap_port}\n"
            f"    security: none\n    user: {self.imap_user}\n    secret_file: mailbox.password\n    poll_s: 1\n"
        )

    def _zalo(self) -> str:
        return (
            f"accounts:\n  - oa_id: {OA_ID}\n    app_id: '{self.oa.app_id}'\n    consultation: {self.consultation}\n"
            "    secret_file: zalo-oa.secret\n    quiet_period_s: 2\n    max_wait_s: 20\nsweep_s: 2\n"
        )

    def _zalo_replies(self) -> str:
        return (
            f"api: {self.oa.url}\noauth: {self.oa.url}\naccounts:\n  - oa_id: {OA_ID}\n    app_id: '{self.oa.app_id}'\n"
            "    app_secret_file: zalo-app.secret\n    refresh_token_file: zalo-refresh.token\n"
        )

    def _vneid(self) -> str:
        return (
            f"issuers:\n  - id: bo-cong-an\n    issuer: {ISSUER}\n    audience: {AUDIENCE}\n    jwks_file: vneid.jwks.json\n"
            "    algorithms: [ES256]\n    aggregates: {channel: vneid-tong-hop}\n"
        )
