"""HTML as a reader sees it, in lines."""

import pytest

from services.ingest.mail import html_text
from services.ingest.mail.lines import render


def _text(html: str) -> str:
    return render(html_text.read(html) or [])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Một</p><p>Hai<br>Ba</p>", "Một\n\nHai\nBa"),
        ("<div>a</div><div><br></div><div>b&nbsp; c</div>", "a\n\nb c"),
        ("<ol start=3><li>a<li>b</ol><ul><li><p>c</p></ul>", "3. a\n4. b\n\n- c"),
        ("<table><tr><th>1<th>Đất</tr><tr><td><p>2</p></td><td><p>Rừng</p></td></tr></table>", "1 | Đất\n2 | Rừng"),
        ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", "a\n\nb"),
        (
            "x<span style='display: none'>no</span><div hidden>no</div><style>p{}</style><script>no</script><!-- no -->y",
            "xy",
        ),
        ("<div style='font-size:0'><span style='font-size:14px'>ở đây</span></div>", "ở đây"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>1 < 2 &amp; 3<p>&#7845;&eacute;", "1 < 2 & 3\n\nấé"),
        (
            "<font face='.VnTime'>C\xe9ng h\xdfa</font> và <span style=\"font-family:'VNI-Times'\">Coäng hoøa</span>",
            "Cộng hòa và Cộng hòa",
        ),
        ("<blockquote>tự thụt vào</blockquote>", "tự thụt vào"),
        ("không có thẻ nào", "không có thẻ nào"),
        ("", ""),
        ("<?xml version='1.0' encoding='utf-16'?><p>ấ", "ấ"),
    ],
)
def test_html_becomes_the_lines_a_reader_sees(html: str, text: str) -> None:
    assert _text(html) == text


def test_nesting_too_deep_for_the_parser_loses_no_word() -> None:
    html = "<div>" * 5000 + "Tôi <b>đề nghị</b> &amp; kiến nghị"
    assert html_text.read(html) is None
    assert render(html_text.bare(html, 1000)).split() == ["Tôi", "đề", "nghị", "&", "kiến", "nghị"]
