"""report.html parsed back: self-contained, accessible, escaped."""

import re
from typing import Any

from lxml import html as parser

from services.report.documents.html import render
from tests.support.sample_report import empty_report, sample_report


def test_it_needs_nothing_from_anywhere_and_runs_nothing() -> None:
    page = render(sample_report()).decode()
    assert not re.findall(r'(?:src|href)="(?!#)', page.replace("xlink:href", "href"))
    assert "<script" not in page
    assert "@import" not in page
    assert "url(http" not in page


def test_it_is_vietnamese_and_its_headings_and_tables_have_names() -> None:
    tree: Any = parser.fromstring(render(sample_report()))
    assert tree.get("lang") == "vi"
    assert len(tree.xpath("//h1")) == 1
    assert len(tree.xpath("//h2")) == 4
    for table in tree.xpath("//table"):
        assert table.xpath("./caption")
        assert all(th.get("scope") == "col" for th in table.xpath("./thead//th"))
    assert tree.xpath("//*[local-name()='svg'][@role='img']/*[local-name()='title']")
    assert len({e.get("id") for e in tree.xpath("//*[@id]")}) == len(tree.xpath("//*[@id]"))


def test_a_citizens_markup_stays_text() -> None:
    hostile = ("<script>alert(1)</script>", "{{ 7*7 }}", "</blockquote><img src=x onerror=y>", "&lt;b&gt;")
    page = render(sample_report(40, texts=hostile)).decode()
    assert "<script>" not in page
    assert "<img" not in page
    tree: Any = parser.fromstring(page.encode())
    quotes = {q.text_content() for q in tree.xpath("//blockquote//bdi")}
    assert quotes == set(hostile)


def test_it_quotes_every_quote_and_says_nothing_of_an_empty_period_but_that() -> None:
    report = sample_report()
    tree: Any = parser.fromstring(render(report))
    assert len(tree.xpath("//blockquote")) == sum(len(t.quotes) for t in report.topics)
    assert "không có lượt góp ý nào được tiếp nhận" in render(empty_report()).decode()
