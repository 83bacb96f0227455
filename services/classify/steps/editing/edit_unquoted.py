# ruff: noqa: E501 -- a pattern is read as one whole; broken into pieces nobody can check it
"""Wording without quotation marks, only where its borders are sure: after "cụm từ", between "thay ... bằng ...", or as numbers."""

from services.classify.steps.editing.edit_patterns import NOUN, STRICT, gap
from services.classify.steps.editing.quotes import FIRST, REST, Q
from services.classify.steps.view import Rule, words

_U = rf"[^.,;:!?…()\n{FIRST}{REST}\"“”]{{1,120}}?"
_LONG = rf"[^.!?;\n{FIRST}{REST}]{{1,400}}"
_NOT_FROM = (
    r"(?!(?:năm|tháng|ngày|khi|đó|đây|nay|trên|dưới|đầu|cuối|trang|dòng|mục|các|nhiều|mọi|nguồn|ngân|trung|cấp|cơ\s{1,3}sở|xã|tỉnh|phía|ký|viết|này|kia|ấy|hán"
    r"|thực\s{1,3}tế|\d)(?!\w))"
)
_END = (
    r"(?=\s{0,3}(?:[.,;:!?…)\n]|\Z)|\s{1,3}(?:(?:vì|nhằm|thì|sẽ|mới|nhé|ạ|nha|rồi|đồng\s{1,3}thời|như\s{1,3}vậy|do\s{1,3}vậy|là)(?!\w)"
    r"|cho\s{1,3}(?:phù\s{1,3}hợp|chính\s{1,3}xác|đúng|rõ|gọn|dễ|hợp|đầy\s{1,3}đủ|ngắn|sát|thống\s{1,3}nhất|chặt|chuẩn|hay|đỡ)"
    r"|để\s{1,3}(?:bảo\s{1,3}đảm|đảm\s{1,3}bảo|phù\s{1,3}hợp|thống\s{1,3}nhất|tránh|rõ|dễ|cho|người|nhấn|thể|đúng|khẳng|phản|câu)"
    r"|(?:ở|tại|trong|thuộc|vào|khỏi)\s{1,3}(?:trang|dòng|mục|phần|điều|đoạn|câu|khoản|dự|báo|văn|toàn|tiêu|chủ|chương|bản)"
    r"|và\s{1,3}(?:đề\s{1,3}nghị|bổ\s{1,3}sung|thêm|bỏ|sửa|thay|xin|kiến\s{1,3}nghị)))"
)
_NUMBER = (
    r"(?<![\w.,])\d{1,3}(?:\.\d{3}){0,4}(?:,\d{1,3})?\d{0,4}(?:\.\d{1,2}(?!\d))?"
    r"(?:\s{0,2}(?:%|phần\s{1,3}trăm(?!\w)|(?:(?:triệu|tỷ|tỉ|nghìn|ngàn)(?:\s{1,2}(?:đồng|usd))?|đồng|tuổi|năm|tháng|ngày|xã|hộ|km|ha|giường|người|trường|thôn|bản"
    r"|lần|điểm|khâu|nhiệm\s{1,3}vụ|nhóm|mô\s{1,3}hình|bác\s{1,3}sĩ)(?!\w)))?(?:/(?:(?:người|hộ|vạn\s{1,3}dân|ha|1\.000|10\.000|1000|10000)/)?(?:năm|tháng|ngày|người|dân))?(?!\w)"
)
_REPLACE = words(
    "thay thế, thay đổi, thay, sửa đổi, sửa lại, sửa, đổi lại, đổi, chỉnh sửa, chỉnh lại, điều chỉnh, chỉnh, chuyển"
)
_RAISE = words("nâng lên, nâng, tăng, giảm, hạ, hạ thấp, kéo giảm, điều chỉnh, chỉnh")
_FIGURE = words(
    "chỉ tiêu, mục tiêu, tỷ lệ, tỉ lệ, con số, số liệu, tốc độ, grdp, gdp, quy mô, độ che phủ, tỷ trọng, số"
)
_REMOVE = (
    words("lược bỏ, xóa bỏ, xoá bỏ, cắt bỏ, gạch bỏ, loại bỏ, bỏ bớt, bỏ đi, bỏ, xóa, xoá, cắt") + r"(?!\s{1,3}sung)"
)
_ADD = words("bổ sung thêm, bổ sung, thêm, chèn thêm, chèn, ghi thêm, viết thêm, nêu thêm, đưa thêm")
_BY = words("bằng, thành, bởi")
_ONE = r"(?:(?:các|những|thêm|ngay|luôn|một|vào)\s{1,3}){0,2}"
_BEFORE_U = (
    rf"{_ONE}(?:{words('cụm từ, nhóm từ, từ ngữ, dòng chữ, thuật ngữ')}\s{{1,3}}|(?<!\w)(?:từ|chữ)\s{{1,3}}{_NOT_FROM}"
    r"|(?<!\w)cụm\s{1,3}(?!(?:từ|công|dân|di|đô|trường|xã|thi|sản|liên|bản)(?!\w)))"
)
_AT = words(
    "ngay sau, liền sau, tiếp sau, vào sau, phía sau, sau, ngay trước, liền trước, vào trước, phía trước, trước"
)

REPLACE = Rule(
    rf"(?P<v>{_REPLACE})\s{{1,3}}{_BEFORE_U}(?P<old>{_U})\s{{1,3}}{_BY}\s{{1,3}}(?:{NOUN})?(?:(?P<qnew>{Q})|(?P<new>{_U}){_END})"
)
QUOTED_OLD = Rule(
    rf"(?P<v>{_REPLACE})\s{{0,3}}{NOUN}?(?P<qold>{Q})\s{{1,3}}{_BY}\s{{1,3}}(?:{NOUN})?(?P<new>{_U}){_END}"
)
FIGURES = Rule(
    rf"(?P<v>{_REPLACE}){gap(60)}(?P<old>{_NUMBER})\s{{1,3}}{words('bằng, thành, lên thành, lên, xuống còn, xuống, sang')}\s{{1,3}}(?:là\s{{1,3}}|mức\s{{1,3}}|còn\s{{1,3}}|{NOUN})?"
    rf"(?P<new>{_NUMBER})"
)
RAISED = Rule(
    rf"(?P<v>{_RAISE})(?P<what>{gap(70)})từ\s{{1,3}}(?:mức\s{{1,3}})?(?P<old>{_NUMBER}),?\s{{1,3}}{words('lên thành, lên mức, lên, xuống còn, xuống mức, xuống, thành, còn, đến, tới')}"
    rf"\s{{1,3}}(?:mức\s{{1,3}}|còn\s{{1,3}})?(?P<new>{_NUMBER})"
)
FIGURE_NEW = Rule(
    rf"(?P<v>{words('sửa lại, sửa, đổi, thay, điều chỉnh, nâng, giảm, hạ')})\s{{1,3}}{words('thành, bằng, là, lên, xuống, xuống còn, còn, lên thành')}\s{{1,3}}(?P<new>{_NUMBER})"
)
FIGURE_BEFORE = Rule(
    words(
        "chỉ tiêu, mục tiêu, tỷ lệ, tỉ lệ, con số, tốc độ, grdp, gdp, quy mô, độ che phủ, tỷ trọng, thu ngân sách, thu nhập"
    )
)
NUMBER = Rule(_NUMBER)
FIGURE = Rule(_FIGURE)
NEXT_RAISED = Rule(
    rf"(?P<v>){gap(70)}(?<!\w)từ\s{{1,3}}(?:mức\s{{1,3}})?(?P<old>{_NUMBER}),?\s{{1,3}}{words('lên thành, lên mức, lên, xuống còn, xuống mức, xuống, thành, còn')}"
    rf"\s{{1,3}}(?:mức\s{{1,3}}|còn\s{{1,3}})?(?P<new>{_NUMBER})"
)
INSTEAD = Rule(
    rf"(?P<v>{words('dùng, sử dụng, lấy, ghi, viết')})\s{{1,3}}{_BEFORE_U}(?P<new>{_U})\s{{1,3}}{words('thay thế cho, thay cho, thay vì, thay thế')}\s{{1,3}}(?:{NOUN})?"
    rf"(?:(?P<qold>{Q})|(?P<old>{_U}){_END})"
)
REMOVE = Rule(rf"(?P<v>{_REMOVE})\s{{1,3}}{_BEFORE_U}(?P<old>{_U}){_END}")
ADD = Rule(
    rf"(?P<v>{_ADD})\s{{1,3}}{_BEFORE_U}(?P<new>{_U})(?:\s{{1,3}}(?P<place>{_AT}\s{{1,3}}{STRICT}\s{{1,3}}(?:(?P<qanchor>{Q})|(?P<anchor>{_U}){_END}))|{_END})"
)
ADD_AT = Rule(
    rf"(?P<place>{_AT}\s{{1,3}}{STRICT}\s{{1,3}}(?:(?P<qanchor>{Q})|(?P<anchor>{_U}))),?\s{{1,3}}(?:(?:đề\s{{1,3}}nghị|nên|cần|xin|kiến\s{{1,3}}nghị)\s{{1,3}}){{0,2}}"
    rf"(?P<v>{_ADD})\s{{1,3}}{_BEFORE_U}(?P<new>{_U}){_END}"
)
ADD_COLON = Rule(
    rf"(?P<v>{_ADD}){gap(60)}{words('cụm từ, từ, chữ, câu, đoạn, câu văn, đoạn văn, ý, nội dung, dòng, cụm từ sau, câu sau, đoạn sau, ý sau, nội dung sau, như sau')}\s{{0,3}}:\s{{0,3}}(?P<new>{_LONG})"
)
REWRITE_COLON = Rule(
    rf"(?P<v>{words('sửa lại, sửa đổi, sửa, viết lại, chỉnh sửa, chỉnh lại, diễn đạt lại, đổi, ghi lại, thay, điều chỉnh, biên tập lại')}){gap(80)}{words('thành, như sau, là, bằng')}\s{{0,3}}:\s{{0,3}}(?P<new>{_LONG})"
)
