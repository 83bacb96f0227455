"""Looking up (tra cứu) what became of a submission, by its code alone: neither who wrote nor what is ever shown."""

from litestar import Response, get
from litestar.response import Redirect

from services.ingest.context import HttpRequest, ingest
from services.ingest.pages import render
from services.ingest.status import Status
from shared import tracking_code
from shared.consultation import Consultation
from shared.events import Outcome
from shared.http import page
from shared.problem import FieldError, Problem

STEPS = (
    ("received", "Đã tiếp nhận"),
    ("classified", "Đã phân loại theo nhóm vấn đề"),
    ("counted", "Đã đưa vào báo cáo tổng hợp"),
    ("answered", "Đã có tiếp thu, giải trình"),
)
STANCES = {
    "agree": "Tán thành",
    "partly_agree": "Đồng ý một phần",
    "disagree": "Không tán thành",
    "amend": "Đề nghị sửa đổi",
    "supplement": "Đề nghị bổ sung",
    "delete": "Đề nghị lược bỏ",
    "question": "Nêu câu hỏi",
    "none": "Ý kiến khác",
}
OUTCOMES = {
    "duplicate": "Nội dung trùng với một lượt góp ý trước của cùng người gửi nên chỉ tính một lần; lượt trước vẫn giữ nguyên.",
    "unreadable": "Hệ thống chưa đọc được nội dung; lượt góp ý được lưu và ghi trong báo cáo ở mục không đọc được.",
    "referred": "Lượt góp ý đã được chuyển đến cán bộ phụ trách để xem xét theo đúng thẩm quyền.",
}


def canonical(text: str) -> str:
    """The code a person meant. Raises Problem 422 explaining the slip."""
    try:
        return tracking_code.parse(text)
    except ValueError as error:
        reason = f"Mã có vẻ bị gõ nhầm. {error}"
        raise Problem(422, "wrong-tracking-code", "Mã tra cứu chưa đúng", reason, [FieldError("ma", reason)]) from error


@get("/tra-cuu")
async def form(request: HttpRequest) -> Response[str] | Redirect:
    """The form; it sends `?ma=`, which leads to the code's own page."""
    typed = request.query_params.get("ma", "")
    if not typed.strip():
        return _form()
    try:
        return Redirect(f"/tra-cuu/{tracking_code.display(canonical(typed))}", status_code=303)
    except Problem as problem:
        return _form(typed, problem.detail, problem.status)


@get("/tra-cuu/{code:str}")
async def status(request: HttpRequest, code: str) -> Response[str]:
    """What has become of the submission so far."""
    try:
        known = canonical(code)
    except Problem as problem:
        return _form(code, problem.detail, problem.status)
    service = ingest(request)
    found = await service.status.find(known)
    if found is None:
        reason = (
            "Chưa tìm thấy lượt góp ý nào có mã này. Nếu vừa gửi, xin thử lại sau ít phút; nếu không, xin đối chiếu mã."
        )
        return _form(tracking_code.display(known), reason, 404)
    return page(_page(found, service.consultations.get(found.consultation)))


def _form(typed: str = "", reason: str = "", status: int = 200) -> Response[str]:
    return page(render("lookup.html", typed=typed[:60], reason=reason), status)


def _page(found: Status, consultation: Consultation | None) -> str:
    reached = [name for name, _ in STEPS].index(found.status)
    channel = consultation.channel(found.channel) if consultation else None
    titles = {group.code: group.title for group in consultation.topic_groups} if consultation else {}
    return render(
        "status.html",
        status=found,
        code=tracking_code.display(found.tracking_code),
        consultation=consultation,
        channel=channel.name if channel else found.channel,
        steps=[(_label(name, label, found), index <= reached) for index, (name, label) in enumerate(STEPS)],
        outcome=OUTCOMES.get(found.outcome or ""),
        opinions=[
            ([titles.get(t, "Nội dung khác, ngoài các nhóm vấn đề") for t in o.topics], STANCES[o.stance])
            for o in found.opinions
        ],
        support_phone=consultation.support_phone if consultation else "",
    )


def _label(name: str, label: str, found: Status) -> str:
    """What could not be read was looked at, not classified."""
    return (
        "Đã kiểm tra, chưa đọc được nội dung" if name == "classified" and found.outcome is Outcome.UNREADABLE else label
    )
