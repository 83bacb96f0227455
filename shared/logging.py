"""Logs: one JSON object per line on stderr, with the ids of the request or message at hand, never anybody's words."""

import logging
import sys
from collections.abc import Iterator
from types import TracebackType

import structlog
from opentelemetry import trace
from pydantic import ValidationError
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from shared.errors import YkienError

_ROUTED = ("uvicorn", "uvicorn.error", "uvicorn.access", "faststream", "nats", "litestar", "asyncio", "py.warnings")
_QUIET = (
    "faststream.access",
    "uvicorn.access",
    "httpx",
    "httpcore",
    "pymongo",
    "aiosqlite",
)  # the last quotes documents


class StderrLogger:
    """Writes to whatever `sys.stderr` is at the moment of writing."""

    def msg(self, message: str) -> None:
        """One line, one write, so that lines of several threads do not mix."""
        sys.stderr.write(message + "\n")
        sys.stderr.flush()

    log = debug = info = warn = warning = error = critical = exception = fatal = failure = msg


def configure(service: str, level: str = "INFO") -> None:
    """Routes structlog and the standard library's loggers through one JSON rendering. May be called again.

    Raises ValueError when the level is unknown.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"unknown log level {level!r}")
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _adding_service(service),
        _add_trace_ids,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(describe_exception),
    ]
    render = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    structlog.configure(
        processors=[*chain, render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: StderrLogger(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *chain],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [h for h in root.handlers if not _is_ours(h) and type(h) is not logging.StreamHandler] + [
        handler
    ]
    root.setLevel(number)
    for name in _ROUTED:
        routed = logging.getLogger(name)
        routed.handlers.clear()
        routed.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    logging.captureWarnings(True)


def describe_exception(exc_info: ExcInfo) -> list[dict[str, object]]:
    """An exception and its causes: type, message, frames. No local variables, and no input that a validator quotes."""
    return [
        {"type": type(e).__qualname__, "message": _message(e), "frames": _frames(e.__traceback__)}
        for e in _chain(exc_info[1])
    ]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.append(current.__cause__ or (None if current.__suppress_context__ else current.__context__))
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)


def _message(error: BaseException) -> str:
    if isinstance(error, ValidationError):  # its text quotes the input
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        return "; ".join(f"{'.'.join(map(str, f['loc']))}: {f['type']}" for f in faults)
    if isinstance(error, ValueError | LookupError) and not isinstance(error, YkienError):
        return ""  # such texts quote values, which may be somebody's words; the frames say where to look
    return str(error)[:500]


def _frames(traceback: TracebackType | None) -> list[str]:
    frames: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames


def _adding_service(service: str) -> Processor:
    def add(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    return add


def _add_trace_ids(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


class _Stderr:
    """A stream for the standard library's handler that follows `sys.stderr`."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(getattr(handler, "stream", None), _Stderr)
