"""Errors as people and programs meet them: RFC 9457 in courteous Vietnamese; for browsers the same as a small page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from pydantic import ValidationError

from shared.errors import Transient, YkienError
from shared.field_reasons import reason_of
from shared.web import shared_templates

BASE = "https://ykien.vn/problems/"
RETRY_AFTER_S = 5
_log = structlog.get_logger()


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `field` is its path in the input (`respondent.email`), "" for the whole."""

    field: str
    reason: str


class Problem(YkienError):
    """Raised where a request cannot be served; `title` and `detail` are Vietnamese, `type` is a slug or a full URL."""

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002 - the name RFC 9457 gives it
        title: str,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {type}")
        self.status = status
        self.type = type if "://" in type else BASE + type
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def as_json(self) -> dict[str, Any]:
        """The members of `application/problem+json`."""
        body: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status, "detail": self.detail}
        if self.errors:
            body["errors"] = [{"field": e.field, "reason": e.reason} for e in self.errors]
        return body


_BY_STATUS: dict[int, tuple[str, str, str]] = {
    400: (
        "bad-request",
        "Yêu cầu chưa hợp lệ",
        "Hệ thống không đọc được nội dung gửi lên. Xin kiểm tra lại định dạng.",
    ),
    401: ("unauthorized", "Cần đăng nhập", "Xin đăng nhập hoặc gửi kèm mã truy cập hợp lệ."),
    403: ("forbidden", "Không có quyền truy cập", "Tài khoản này không được phép thực hiện thao tác vừa yêu cầu."),
    404: (
        "not-found",
        "Không tìm thấy",
        "Địa chỉ này không có hoặc không còn được sử dụng. Xin kiểm tra lại đường dẫn.",
    ),
    405: ("method-not-allowed", "Thao tác không được hỗ trợ", "Địa chỉ này không hỗ trợ thao tác vừa gửi."),
    409: ("conflict", "Yêu cầu mâu thuẫn", "Yêu cầu này mâu thuẫn với một yêu cầu đã gửi trước đó."),
    413: (
        "too-large",
        "Nội dung quá lớn",
        "Nội dung gửi lên vượt quá dung lượng cho phép. Xin rút gọn hoặc chia thành nhiều lần gửi.",
    ),
    415: ("unsupported-media-type", "Định dạng chưa được hỗ trợ", "Hệ thống chưa hỗ trợ định dạng nội dung này."),
    422: ("invalid", "Nội dung chưa hợp lệ", "Một số mục chưa đúng. Xin xem từng mục và sửa lại."),
    429: ("too-many-requests", "Gửi quá nhanh", "Hệ thống nhận được quá nhiều yêu cầu. Xin chờ ít phút rồi thử lại."),
    503: ("unavailable", "Hệ thống tạm thời gián đoạn", "Yêu cầu chưa được tiếp nhận. Xin thử lại sau ít phút."),
}
_NO_JSON = "Nội dung không phải là JSON hợp lệ (UTF-8), hoặc chứa ký tự Unicode không hoàn chỉnh."
_INTERNAL = (
    "internal",
    "Hệ thống gặp sự cố",
    "Đã có lỗi ngoài ý muốn. Sự cố đã được ghi nhận; xin thử lại sau ít phút.",
)


def of_status(status: int, headers: Mapping[str, str] | None = None, errors: Sequence[FieldError] = ()) -> Problem:
    """The standard problem of a status; unknown 4xx read as 400, everything else as 500. 429 and 503 carry Retry-After."""
    known = status if status in _BY_STATUS else 400 if 400 <= status < 500 else 500
    slug, title, detail = _BY_STATUS.get(known, _INTERNAL)
    kept = dict(headers or {})
    if status in {429, 503} and "retry-after" not in {name.lower() for name in kept}:
        kept["Retry-After"] = str(RETRY_AFTER_S)
    return Problem(status if known != 500 else max(status, 500), slug, title, detail, errors, kept)


def of_exception(error: Exception) -> Problem:
    """The problem an exception amounts to; nothing of an unexpected exception's text gets out."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Transient):
        return of_status(503)
    if isinstance(error, ValidationError):
        return of_status(422, errors=field_errors(error.errors(include_url=False, include_input=False)))
    if isinstance(error, ValidationException):
        return of_status(422, errors=list(_litestar_errors(error)))
    if isinstance(error.__cause__, SerializationException):
        return of_status(400, errors=[FieldError("", _NO_JSON)])
    if isinstance(error, HTTPException):
        return of_status(error.status_code, error.headers)
    return of_status(500)


def field_errors(faults: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's error list with Vietnamese reasons; the fields' values are never quoted."""
    return [FieldError(".".join(str(part) for part in fault["loc"]), reason_of(fault)) for fault in faults]


def _litestar_errors(error: ValidationException) -> Iterator[FieldError]:
    cause = getattr(error.__cause__, "errors", None)
    if isinstance(cause, list):  # pydantic's own list, through Litestar's plugin
        yield from field_errors(cause)
        return
    for extra in error.extra if isinstance(error.extra, list) else ():
        if isinstance(extra, Mapping):
            yield FieldError(str(extra.get("key", "")).removesuffix(".data"), "Giá trị chưa đúng kiểu hoặc còn thiếu.")


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Litestar's exception handler for everything: problem+json, or a page when a browser asks for HTML first."""
    problem = of_exception(error)
    if problem.status >= 500 and not isinstance(error, Problem):
        if isinstance(error, Transient):  # expected while a dependency is away: one short line, no frames
            _log.warning("http.unavailable", reason=str(error)[:300])
        else:
            _log.error("http.failed", status=problem.status, exc_info=error)
    request_id = request.scope["state"].get("request_id", "")
    if wants_html(request.headers.get("accept", "")):
        page = shared_templates().get_template("problem.html").render(problem=problem, request_id=request_id)
        return Response(page, status_code=problem.status, media_type=MediaType.HTML, headers=problem.headers)
    body = problem.as_json() | ({"instance": f"urn:ykien:request:{request_id}"} if request_id else {})
    return Response(body, status_code=problem.status, media_type="application/problem+json", headers=problem.headers)


def wants_html(accept: str) -> bool:
    """Whether the first type a client accepts is HTML, as browsers say it."""
    return accept.split(",", 1)[0].split(";", 1)[0].strip().lower() in {"text/html", "application/xhtml+xml"}
