"""Pydantic's error types in Vietnamese, without quoting what was entered."""

from collections.abc import Mapping
from typing import Any

_REASONS = {
    "missing": "Mục này là bắt buộc.",
    "extra_forbidden": "Hệ thống không có mục này.",
    "string_type": "Mục này phải là chuỗi ký tự.",
    "string_too_short": "Mục này cần ít nhất {min_length} ký tự.",
    "string_too_long": "Mục này dài quá {max_length} ký tự.",
    "string_pattern_mismatch": "Giá trị không đúng định dạng quy định.",
    "string_unicode": "Mục này chứa ký tự Unicode không hợp lệ.",
    "too_short": "Mục này cần ít nhất {min_length} phần tử.",
    "too_long": "Mục này có quá {max_length} phần tử.",
    "enum": "Giá trị không nằm trong danh sách cho phép: {expected}.",
    "literal_error": "Giá trị không nằm trong danh sách cho phép: {expected}.",
    "int_type": "Mục này phải là số nguyên.",
    "int_parsing": "Mục này phải là số nguyên.",
    "float_type": "Mục này phải là số.",
    "float_parsing": "Mục này phải là số.",
    "bool_type": "Mục này phải là đúng hoặc sai (true, false).",
    "bool_parsing": "Mục này phải là đúng hoặc sai (true, false).",
    "greater_than_equal": "Giá trị phải từ {ge} trở lên.",
    "greater_than": "Giá trị phải lớn hơn {gt}.",
    "less_than_equal": "Giá trị không được quá {le}.",
    "less_than": "Giá trị phải nhỏ hơn {lt}.",
    "timezone_aware": "Thời điểm phải kèm múi giờ, ví dụ 2025-06-11T08:00:00+07:00.",
    "datetime_type": "Thời điểm phải theo ISO 8601, ví dụ 2025-06-11T08:00:00+07:00.",
    "datetime_parsing": "Thời điểm phải theo ISO 8601, ví dụ 2025-06-11T08:00:00+07:00.",
    "datetime_from_date_parsing": "Thời điểm phải theo ISO 8601, ví dụ 2025-06-11T08:00:00+07:00.",
    "date_parsing": "Ngày phải theo dạng năm-tháng-ngày, ví dụ 2025-06-11.",
    "dict_type": "Mục này phải là một đối tượng JSON.",
    "model_type": "Mục này phải là một đối tượng JSON.",
    "model_attributes_type": "Mục này phải là một đối tượng JSON.",
    "list_type": "Mục này phải là một danh sách.",
    "tuple_type": "Mục này phải là một danh sách.",
    "json_invalid": "Nội dung không phải là JSON hợp lệ.",
}
_GENERAL = "Giá trị không hợp lệ."


def reason_of(fault: Mapping[str, Any]) -> str:
    """One fault of `ValidationError.errors()` as a Vietnamese sentence.

    Our own validators raise ValueError with a Vietnamese text, which is passed on; e-mail faults are recognised by their error.
    """
    kind = str(fault.get("type", ""))
    context = fault.get("ctx") or {}
    if kind == "value_error":
        if "email" in str(fault.get("msg", "")):
            return "Địa chỉ thư điện tử không hợp lệ."
        return str(context["error"]) if isinstance(context.get("error"), ValueError) else _GENERAL
    try:
        return _REASONS.get(kind, _GENERAL).format(**context).replace("' or '", "', '")
    except KeyError:
        return _GENERAL
