"""Every reason that classify gives has its words in the annex."""

from services.classify.readable import Unreadable
from services.report.documents.typography import REASONS


def test_every_reason_has_a_name() -> None:
    assert set(REASONS) == {reason.value for reason in Unreadable}
