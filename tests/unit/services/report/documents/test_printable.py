"""Characters no document can hold are replaced visibly; all others stay."""

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.report.documents.printable import REPLACEMENT, printable


def test_controls_surrogates_and_direction_overrides_become_visible_marks() -> None:
    assert printable("a\x00b\x0bc\ud800d\ufffee\u202ef") == "a�b�c�d�e�f"


def test_vietnamese_emoji_and_line_ends_stay() -> None:
    assert printable("Đề nghị\tsửa\r\nđổi 🙂\rxong") == "Đề nghị\tsửa\nđổi 🙂\nxong"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_whatever_comes_in_xml_can_hold_what_comes_out_and_nothing_vanishes(text: str) -> None:
    shown = printable(text)
    node = etree.Element("t")
    node.text = shown
    assert etree.fromstring(etree.tostring(node, encoding="utf-8")).text or shown == ""
    assert len(shown) == len(text.replace("\r\n", "\n"))
    assert shown.count(REPLACEMENT) >= len(re.findall("[\x00-\x08\ud800-\udfff]", text))
