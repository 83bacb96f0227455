"""Logs are JSON lines with ids; exceptions show where, never whose words."""

import json
import logging

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from pydantic import BaseModel

from shared import logging as our_logging


class Model(BaseModel):
    number: int


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_our_own_and_the_libraries_loggers_speak_the_same_json(capsys: pytest.CaptureFixture[str]) -> None:
    our_logging.configure("thu")
    with structlog.contextvars.bound_contextvars(event_id="e1"):
        structlog.get_logger().info("opinion.classified", topic=3)
        for name in ("uvicorn.error", "faststream", "nats", "litestar"):
            logging.getLogger(name).warning("hello %s", "there")
    ours, *theirs = lines(capsys)
    assert (ours["event"], ours["topic"], ours["event_id"], ours["service"], ours["level"]) == (
        "opinion.classified",
        3,
        "e1",
        "thu",
        "info",
    )
    assert [t["event"] for t in theirs] == ["hello there"] * 4
    assert all(t["event_id"] == "e1" and t["service"] == "thu" and t["level"] == "warning" for t in theirs)


def test_a_line_inside_a_span_has_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    our_logging.configure("thu")
    with TracerProvider().get_tracer("t").start_as_current_span("work") as span:
        structlog.get_logger().info("inside")
    (line,) = lines(capsys)
    assert line["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert line["span_id"] == f"{span.get_span_context().span_id:016x}"


@pytest.mark.parametrize("logger", [structlog.get_logger(), logging.getLogger("uvicorn.error")])
def test_an_exception_shows_frames_but_neither_locals_nor_quoted_input(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    our_logging.configure("thu")
    words = "lời của người dân"
    try:
        try:
            Model.model_validate({"number": words})
        except ValueError as error:
            raise RuntimeError("classification failed") from error
    except RuntimeError:
        logger.exception("classify.failed")
    (line,) = lines(capsys)
    text = json.dumps(line, ensure_ascii=False)
    assert words not in text
    assert "classification failed" in text
    assert "number: int_parsing" in text
    assert "test_logging.py:" in text


def test_a_value_error_of_a_library_keeps_its_text_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    our_logging.configure("thu")
    try:
        float("lời của dân")
    except ValueError:
        structlog.get_logger().exception("failed")
    assert "lời của dân" not in json.dumps(lines(capsys), ensure_ascii=False)


def test_the_level_is_kept_and_an_unknown_one_refused(capsys: pytest.CaptureFixture[str]) -> None:
    our_logging.configure("thu", "warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("nats").info("quiet")
    assert lines(capsys) == []
    our_logging.configure("thu")
    with pytest.raises(ValueError, match="unknown log level"):
        our_logging.configure("thu", "loud")


def test_configuring_twice_does_not_write_twice(capsys: pytest.CaptureFixture[str]) -> None:
    our_logging.configure("thu")
    our_logging.configure("thu")
    logging.getLogger("nats").warning("once")
    assert len(lines(capsys)) == 1


def test_a_line_break_in_a_value_does_not_break_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    our_logging.configure("thu")
    structlog.get_logger().info("odd", value="a\nb")
    assert lines(capsys)[0]["value"] == "a\nb"
