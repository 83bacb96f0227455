"""A report on request, and why not, in the words of the office."""

from datetime import datetime

from services.report.build import Incomplete, InTheFuture, Unbalanced
from services.report.documents.typography import number
from services.report.web.service import Service
from shared.consultation import Consultation
from shared.events import ReportPublished
from shared.problem import FieldError, Problem

FUTURE = "Thời điểm chốt số liệu chưa đến. Xin chọn thời điểm đã qua."
INCOMPLETE = (
    "Luồng sự kiện có {missing} lượt góp ý chưa vào số liệu nên chưa thể lập báo cáo. Người vận hành xem các tin lỗi bằng "
    "lệnh `ykien dlq list`, hoặc lập lại số liệu từ luồng sự kiện bằng lệnh `ykien rebuild report`."
)
UNBALANCED = "Tổng các trạng thái chưa bằng số lượt đã tiếp nhận nên chưa thể lập báo cáo. Xin xem trang theo dõi."


async def ask_for_report(service: Service, consultation: Consultation, as_of: datetime | None) -> ReportPublished:
    """Makes the report, or finds the one made before. Raises Problem 422 for a time to come, 409 while it does not balance."""
    try:
        return await service.builder.adhoc(consultation, as_of)
    except InTheFuture as error:
        raise Problem(
            422, "as-of-in-the-future", "Thời điểm chưa đến", FUTURE, [FieldError("as_of", FUTURE)]
        ) from error
    except Incomplete as error:
        detail = INCOMPLETE.format(missing=number(error.missing))
        raise Problem(409, "unbalanced", "Số liệu chưa đầy đủ", detail, headers={"Retry-After": "60"}) from error
    except Unbalanced as error:
        raise Problem(409, "unbalanced", "Số liệu chưa cân đối", UNBALANCED, headers={"Retry-After": "5"}) from error
