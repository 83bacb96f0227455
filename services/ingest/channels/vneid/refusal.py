"""Why a signed message is not taken: which check failed, by a stable type and in Vietnamese."""

from enum import StrEnum

from services.ingest.faults import Fault, Refused
from shared.errors import Transient


class Check(StrEnum):
    """The checks in the order in which they are made; the value is the last part of the problem's `type`."""

    HEADER = "jws-header"
    ALGORITHM = "jws-algorithm"
    ISSUER = "jws-issuer"
    KEY = "jws-key"
    SIGNATURE = "jws-signature"
    CLAIM = "jws-claim"  # missing or of a wrong kind
    AUDIENCE = "jws-audience"
    LIFETIME = "jws-lifetime"
    NOT_YET_VALID = "jws-not-yet-valid"
    EXPIRED = "jws-expired"


TITLES = {
    Check.HEADER: "Phần đầu chữ ký số không được chấp nhận",
    Check.ALGORITHM: "Thuật toán ký không được chấp nhận",
    Check.ISSUER: "Bên phát hành không được công nhận",
    Check.KEY: "Không có khóa công khai tương ứng",
    Check.SIGNATURE: "Chữ ký số không đúng",
    Check.CLAIM: "Thông tin bắt buộc của bản tin ký còn thiếu hoặc sai",
    Check.AUDIENCE: "Bản tin ký không dành cho hệ thống này",
    Check.LIFETIME: "Thời hạn của bản tin ký quá dài",
    Check.NOT_YET_VALID: "Bản tin ký chưa có hiệu lực",
    Check.EXPIRED: "Bản tin ký đã hết hạn",
}


class Untrusted(Refused):
    """The message does not prove who sent it to us and when (401)."""

    def __init__(self, check: Check, field: str, reason: str) -> None:
        super().__init__((Fault(field, reason),))
        self.check = check


class MalformedToken(Refused):
    """The body is no compact JWS with JSON inside (400)."""

    def __init__(self, reason: str) -> None:
        super().__init__((Fault("(body)", reason),))


class NotPermitted(Refused):
    """The issuer proved itself, but may not do this (403)."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__((Fault(field, reason),))


class KeysAway(Transient):
    """The issuer's keys cannot be asked for now; the message may be sound. `retry_after_s`: when to come again."""

    def __init__(self, issuer_id: str, retry_after_s: float) -> None:
        super().__init__(f"keys of issuer {issuer_id} cannot be had now")
        self.retry_after_s = retry_after_s
