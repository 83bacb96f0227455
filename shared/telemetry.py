"""Traces: one provider per process, W3C context in message headers, spans to OTLP, to a file, or nowhere."""

import json
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, DEFAULT_ON
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.settings import ServiceSettings

_PROPAGATOR = TraceContextTextMapPropagator()


class FileExporter(SpanExporter):
    """Appends one JSON object per span; several processes may share the file, as each batch is one write."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Writes the batch. An unwritable file raises OSError, which the processor logs."""
        lines = "".join(json.dumps(_as_json(span), ensure_ascii=False, default=str) + "\n" for span in spans)
        with self._path.open("ab", buffering=0) as file:
            file.write(lines.encode("utf-8", "backslashreplace"))
        return SpanExportResult.SUCCESS


def configure(service: str, settings: ServiceSettings) -> TracerProvider:
    """Sets the process's tracer provider and answers it; call its `shutdown()` at the end so that no span is lost.

    A process has one provider: when it is already there (tests run several services in one) that one is answered.
    """
    present = trace.get_tracer_provider()
    if isinstance(present, TracerProvider):
        return present
    # With nowhere to send spans none is recorded; their ids are still made and passed on, for the logs.
    heard = settings.otlp_endpoint or settings.trace_file
    provider = TracerProvider(
        sampler=DEFAULT_ON if heard else ALWAYS_OFF, resource=Resource.create({"service.name": service})
    )
    if settings.otlp_endpoint:
        # Imported here: it pulls in an HTTP client that most processes never use.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        endpoint = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    if settings.trace_file:
        provider.add_span_processor(BatchSpanProcessor(FileExporter(settings.trace_file), schedule_delay_millis=500))
    trace.set_tracer_provider(provider)
    return provider


def tracer() -> trace.Tracer:
    """The project's tracer; before `configure` its spans are empty and cost nothing."""
    return trace.get_tracer("ykien")


def inject(headers: MutableMapping[str, str], context: Context | None = None) -> None:
    """Writes `traceparent` (and `tracestate`) of the context, by default the current one, into the headers."""
    _PROPAGATOR.inject(headers, context=context)


def extract(headers: Mapping[str, str] | None) -> Context:
    """The context the headers carry; an empty one when they carry none or a malformed one."""
    return _PROPAGATOR.extract({key.lower(): value for key, value in (headers or {}).items()}, context=Context())


def _as_json(span: ReadableSpan) -> dict[str, object]:
    context = span.get_span_context()
    return {
        "name": span.name,
        "trace_id": trace.format_trace_id(context.trace_id) if context else None,
        "span_id": trace.format_span_id(context.span_id) if context else None,
        "parent_id": trace.format_span_id(span.parent.span_id) if span.parent else None,
        "service": span.resource.attributes.get("service.name"),
        "kind": span.kind.name,
        "status": span.status.status_code.name,
        "attributes": dict(span.attributes or {}),
        "start": span.start_time,
        "end": span.end_time,
    }
