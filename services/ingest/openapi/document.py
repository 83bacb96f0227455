"""The OpenAPI document of what ingest serves for programs. A test holds it against the routes, schemathesis against their answers."""

from functools import cache
from typing import Any

from services.ingest.openapi.operations import PATHS
from services.ingest.openapi.schemas import schemas

_DESCRIPTION = """\
Dành cho chương trình của các cổng thông tin, ứng dụng đối tác và cơ quan cung cấp bản tin ký số. Lỗi theo RFC 9457
(`application/problem+json`), `type` cố định cho từng nguyên nhân. Thời điểm theo ISO 8601.

**Xác thực đối tác.** Đơn vị vận hành cấp ba giá trị: mã khóa, khóa truy cập (`ykp_...`) và khóa ký (`yks_...`). Mỗi yêu cầu dùng một
trong hai cách: gửi khóa truy cập trong `Authorization: Bearer ykp_...` (hoặc `X-Api-Key`); hoặc ký yêu cầu, khi đó gửi mã khóa trong
`X-Ykien-Key`, thời điểm trong `X-Ykien-Timestamp` và chữ ký trong `X-Ykien-Signature`.

**Chữ ký của đối tác.** HMAC-SHA256; khóa là nguyên chuỗi khóa ký, kể cả `yks_`. Nội dung được ký là các dòng sau, nối bằng ký tự
xuống dòng (LF), không có dòng trống cuối: `v1`; thời điểm (giây Unix, đúng như `X-Ykien-Timestamp`); phương thức; đường dẫn (không có
phần truy vấn); SHA-256 của thân yêu cầu (hex chữ thường); và, chỉ khi có gửi, giá trị `Idempotency-Key`. Kết quả:
`X-Ykien-Signature: v1=<hex>`. Thời điểm được lệch tối đa 300 giây. Gửi lại nguyên một yêu cầu đã ký là cùng một lượt góp ý.

Ví dụ gửi một lô đã ký bằng curl:

    path=/channels/partner/ma-doi-tac/batch
    time=$(date +%s)
    hash=$(sha256sum < lo.ndjson | cut -d ' ' -f 1)
    mac=$(printf 'v1\\n%s\\nPOST\\n%s\\n%s' "$time" "$path" "$hash" |
      openssl dgst -sha256 -hmac "$KHOA_KY" | sed 's/.* //')
    curl --data-binary @lo.ndjson -H 'Content-Type: application/x-ndjson' \\
      -H "X-Ykien-Key: $MA_KHOA" -H "X-Ykien-Timestamp: $time" \\
      -H "X-Ykien-Signature: v1=$mac" "https://dia-chi-he-thong$path"
"""


def _scheme(name: str, description: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "header", "name": name, "description": description}


_SECURITY: dict[str, dict[str, str]] = {
    "operatorToken": {"type": "http", "scheme": "bearer", "description": "Mã truy cập của người vận hành."},
    "partnerKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "Khóa truy cập của đối tác: `ykp_<mã khóa>_<bí mật>`.",
    },
    "partnerKeyHeader": _scheme("X-Api-Key", "Khóa truy cập của đối tác, khi không dùng được Authorization."),
    "signatureKey": _scheme("X-Ykien-Key", "Mã khóa đã dùng để ký."),
    "signatureTime": _scheme("X-Ykien-Timestamp", "Thời điểm ký, giây Unix."),
    "signature": _scheme("X-Ykien-Signature", "`v1=` và HMAC-SHA256 dạng hex."),
}


@cache
def document() -> dict[str, Any]:
    """The whole document (OpenAPI 3.1)."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ykien – tiếp nhận ý kiến góp ý", "version": "1", "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": PATHS,
        "components": {"schemas": schemas(), "securitySchemes": _SECURITY},
    }
