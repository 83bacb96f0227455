"""What ingest serves for programs: every operation of the OpenAPI document, by path."""

import json
from typing import Any

from services.ingest.openapi.parts import JSON, KEY, REPLAYED, answers, in_path, operation
from services.ingest.openapi.schemas import ref

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_CONSULTATION = in_path("consultation_id", "Mã đợt lấy ý kiến.", _ID)
_PARTNER = in_path("partner", "Mã đối tác, do đơn vị vận hành cấp.", _ID)
_CODE = in_path("code", "Mã tra cứu trên giấy tiếp nhận.", r"^[0-9A-Za-z-]{1,40}$")
_CHANNEL = {
    "name": "X-Ykien-Channel",
    "in": "header",
    "description": "Kênh tiếp nhận; kênh do cơ quan nhập cần mã truy cập của người vận hành. Mặc định: `api`.",
    "schema": {"type": "string", "pattern": r"^[a-z0-9]+([._-][a-z0-9]+)*$"},
}
_SENT = "Đã tiếp nhận: nội dung đã được lưu bền vững, kèm giấy tiếp nhận có chữ ký."
PARTNER_SECURITY: list[dict[str, list[str]]] = [
    {"partnerKey": []},
    {"partnerKeyHeader": []},
    {"signatureKey": [], "signatureTime": [], "signature": []},
]
_EXAMPLE = {
    "text": "Đề nghị bổ sung chỉ tiêu trồng rừng vào phần mục tiêu đến năm 2030.",
    "section_ref": "VII.3",
    "stance": "supplement",
    "respondent": {"name": "Họ và tên người góp ý", "email": "nguoi-gop-y@example.vn"},
}
_LINES = [{"id": "gop-y-0001"} | _EXAMPLE, {"id": "gop-y-0002", "text": "Nhất trí với dự thảo.", "stance": "agree"}]
_BATCH = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _LINES)

PUBLIC: dict[str, dict[str, Any]] = {
    "/api/v1/consultations": {
        "get": operation(
            "listConsultations",
            "Công khai",
            "Các đợt lấy ý kiến",
            "Mọi đợt lấy ý kiến với thời gian và trạng thái hiện tại.",
            answers(200, "Consultations", "Danh sách.", 503),
        )
    },
    "/api/v1/consultations/{consultation_id}": {
        "get": operation(
            "getConsultation",
            "Công khai",
            "Một đợt lấy ý kiến",
            "Dự thảo, các mục, nhóm vấn đề, kênh tiếp nhận, mã đối tượng, đơn vị, địa bàn.",
            answers(200, "Consultation", "Thông tin công khai của đợt.", 404, 503),
            parameters=(_CONSULTATION,),
        )
    },
    "/api/v1/consultations/{consultation_id}/submissions": {
        "post": operation(
            "submit",
            "Công khai",
            "Gửi một lượt góp ý",
            "Trả lời 202 chỉ khi nội dung đã được lưu bền vững. Trường không có trong lược đồ bị từ chối.",
            answers(202, "Accepted", _SENT, 400, 401, 403, 404, 408, 409, 413, 422, 429, 503, headers=REPLAYED),
            parameters=(_CONSULTATION, KEY, _CHANNEL),
            body={JSON: ref("SubmissionRequest")},
            example=_EXAMPLE,
            security=({}, {"operatorToken": []}),
        )
    },
    "/api/v1/submissions/{code}": {
        "get": operation(
            "getStatus",
            "Công khai",
            "Tra cứu một lượt góp ý",
            "Các bước đã xử lý. Không bao giờ có danh tính và nội dung đã viết.",
            answers(200, "Status", "Trạng thái.", 404, 422, 503),
            parameters=(_CODE,),
        )
    },
    "/api/v1/receipt-key": {
        "get": operation(
            "getReceiptKey",
            "Công khai",
            "Khóa công khai để kiểm tra giấy tiếp nhận",
            "Chữ ký Ed25519 trên JSON chuẩn tắc của mọi trường trừ `signature`.",
            answers(200, "ReceiptKey", "Khóa.", 503),
        )
    },
}

PARTNER: dict[str, dict[str, Any]] = {
    "/channels/partner/{partner}": {
        "post": operation(
            "partnerSubmit",
            "Đối tác",
            "Đối tác gửi một lượt góp ý",
            "Như API công khai, thêm `consultation_id` (bỏ trống: đợt duy nhất của đối tác, hoặc đợt duy nhất đang mở).",
            answers(202, "Accepted", _SENT, 400, 401, 404, 408, 409, 413, 422, 429, 503, headers=REPLAYED),
            parameters=(_PARTNER, KEY),
            body={JSON: ref("PartnerRequest")},
            example=_EXAMPLE,
            security=PARTNER_SECURITY,
        )
    },
    "/channels/partner/{partner}/batch": {
        "post": operation(
            "partnerBatch",
            "Đối tác",
            "Đối tác gửi một lô, tối đa 1.000 lượt",
            "NDJSON: mỗi dòng một đối tượng JSON theo lược đồ `PartnerLine`; `id` của dòng là khóa chống gửi trùng. Mỗi dòng "
            "được tiếp nhận hoặc từ chối riêng, kết quả theo thứ tự dòng; dòng có `status` 503 hoặc 429 xin gửi lại sau. "
            "503 cho cả lô khi không dòng nào được tiếp nhận vì hệ thống gián đoạn.",
            answers(200, "BatchResult", "Kết quả của từng dòng.", 400, 401, 404, 408, 413, 415, 422, 429, 503),
            parameters=(_PARTNER,),
            body={"application/x-ndjson": {"type": "string", "description": "Các dòng theo lược đồ PartnerLine."}},
            example=_BATCH,
            security=PARTNER_SECURITY,
        )
    },
}

_JWS = {"application/jose": {"type": "string"}, JSON: ref("SignedMessage")}
_SIGNED = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503)
OTHERS: dict[str, dict[str, Any]] = {
    "/channels/vneid": {
        "post": operation(
            "vneidSubmit",
            "Bản tin ký số",
            "Một lượt góp ý trong bản tin ký số (JWS)",
            "JWS dạng gọn, ES256 hoặc RS256, khóa theo `kid`; `iss`, `aud`, `iat`, `exp` (tối đa 5 phút), `jti`. Nội dung: "
            "`consultation_id`, `draft_id`, `section_ref`, `stance`, `text`, `respondent_group`, `locality_code`, `submitted_at`. "
            "Gửi lại cùng bản tin: 409 kèm thông tin tiếp nhận lần đầu.",
            answers(202, "Accepted", _SENT, *_SIGNED),
            body=_JWS,
        )
    },
    "/channels/vneid/aggregates": {
        "post": operation(
            "vneidAggregates",
            "Bản tin ký số",
            "Số liệu tổng hợp do cơ quan khác thống kê, ký số (JWS)",
            "Nêu bên cạnh trong báo cáo, không bao giờ cộng vào tổng. Nội dung: `consultation_id`, `batch_id`, `revision`, "
            "`period_start`, `period_end`, `counts` (`draft_id`, `section_ref`, `stance`, `submissions`, `with_text`).",
            answers(202, "AggregateAccepted", "Đã tiếp nhận số liệu.", *_SIGNED),
            body=_JWS,
        )
    },
    "/channels/zalo/webhook": {
        "post": operation(
            "zaloWebhook",
            "Zalo OA",
            "Sự kiện của Zalo OA",
            "Chỉ Zalo gọi: thân yêu cầu và `X-ZEvent-Signature` theo tài liệu Zalo OA; thân trống là lời gọi thử khi lưu "
            "địa chỉ. 200: sự kiện đã được lưu bền vững.",
            answers(200, "Kept", "Đã lưu.", 400, 401, 404, 408, 413, 429, 503),
            body={JSON: {"type": "object"}},
            body_required=False,
        )
    },
}

PATHS = PUBLIC | PARTNER | OTHERS
