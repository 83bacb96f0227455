"""What the operations of the OpenAPI document are built of: parameters, bodies, answers."""

from collections.abc import Sequence
from typing import Any

from services.ingest.openapi.schemas import Schema, ref

JSON = "application/json"
PROBLEM = "application/problem+json"
_PROBLEMS = {
    400: "Không đọc được dữ liệu gửi lên.",
    401: "Chưa xác thực được bên gửi; `type` cho biết nguyên nhân.",
    403: "Bên gửi không được phép thực hiện việc này.",
    404: "Không tìm thấy, hoặc kênh chưa mở.",
    408: "Nội dung gửi lên quá chậm.",
    409: "Khóa chống gửi trùng hoặc bản tin ký đã dùng trước đó.",
    413: "Nội dung quá lớn.",
    415: "Định dạng chưa được hỗ trợ.",
    422: "Nội dung chưa hợp lệ; `errors` nêu từng mục và lý do.",
    429: "Gửi quá nhanh hoặc hết hạn mức; xin gửi lại sau số giây ở Retry-After.",
    503: "Tạm thời gián đoạn, chưa có nội dung nào được tiếp nhận; xin gửi lại sau số giây ở Retry-After.",
}
_WAIT: Schema = {"Retry-After": {"description": "Số giây nên chờ.", "schema": {"type": "integer", "minimum": 1}}}
REPLAYED: Schema = {
    "Idempotency-Replayed": {
        "description": "`true` khi yêu cầu này đã được tiếp nhận trước đó; không tính thêm lần nào.",
        "schema": {"type": "string", "const": "true"},
    }
}
KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Khóa chống gửi trùng do bên gửi đặt; gửi lại với cùng khóa sẽ nhận cùng câu trả lời.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
}


def operation(
    id_: str,
    tag: str,
    summary: str,
    description: str,
    responses: dict[str, Any],
    *,
    parameters: Sequence[Schema] = (),
    body: dict[str, Schema] | None = None,
    example: object = None,
    body_required: bool = True,
    security: Sequence[dict[str, list[str]]] = (),
) -> dict[str, Any]:
    """One operation. `body`: media type -> schema; `example`: of the first."""
    made: dict[str, Any] = {
        "operationId": id_,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "parameters": list(parameters),
        "security": list(security),
        "responses": responses,
    }
    if body is not None:
        content: dict[str, Schema] = {media: {"schema": of} for media, of in body.items()}
        if example is not None:
            content[next(iter(content))]["example"] = example
        made["requestBody"] = {"required": body_required, "content": content}
    return made


def answers(ok: int, schema: str, description: str, *problems: int, headers: Schema | None = None) -> dict[str, Any]:
    """The answer when all is well, and the problems it may be instead."""
    found: dict[str, Any] = {str(ok): {"description": description, "content": {JSON: {"schema": ref(schema)}}}}
    if headers:
        found[str(ok)]["headers"] = headers
    for status in problems:
        told: dict[str, Any] = {
            "description": _PROBLEMS[status],
            "content": {PROBLEM: {"schema": ref("Problem")}},
        }
        if status in {429, 503}:
            told["headers"] = _WAIT
        found[str(status)] = told
    return found


def in_path(name: str, description: str, pattern: str) -> Schema:
    """A parameter that stands in the path."""
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}
