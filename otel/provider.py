"""Where the telemetry of this process goes: OTLP where an endpoint is set, a page to be scraped."""

import os
import threading
from dataclasses import dataclass
from datetime import timedelta

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import CollectorRegistry

from otel.ids import GivenIds

SERVICE = "cricksy-ocr"
"""`service.name`, and the distribution whose version is told."""


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What this process tells of itself."""

    tracing: TracerProvider
    metering: MeterProvider | None
    """None where nobody asks for metrics."""
    page: CollectorRegistry | None
    """What is to be scraped; None where nobody scrapes."""

    def close(self, limit: timedelta) -> None:
        """Send the last spans and metrics; a collector that does not answer holds nobody up.

        Blocks for `limit` at most.
        """
        closing = threading.Thread(target=self._close, daemon=True)
        closing.start()
        closing.join(limit.total_seconds())

    def _close(self) -> None:
        self.tracing.shutdown()
        if self.metering is not None:
            self.metering.shutdown()


def start_telemetry(
    service: str, version: str, instance: str, *, scraped: bool = False
) -> Telemetry:
    """Install the providers; nothing leaves the process unless an OTLP endpoint is configured.

    Without one there is no exporter and no noise, but spans still carry ids: attempts and dead
    letters name their trace either way. Endpoints and all else come from OpenTelemetry's own
    variables.

    Args:
        service: `service.name`, unless OTEL_SERVICE_NAME says otherwise.
        version: `service.version`.
        instance: `service.instance.id`.
        scraped: whether there is to be a page for Prometheus.
    """
    resource = Resource.create(
        {
            SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME") or service,
            SERVICE_VERSION: version,
            SERVICE_INSTANCE_ID: instance,
        }
    )
    # Whoever starts telemetry closes it, within a time limit; an exit handler would have none.
    tracing = TracerProvider(resource=resource, id_generator=GivenIds(), shutdown_on_exit=False)
    if _is_exported("traces"):
        tracing.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(tracing)
    # A registry of its own: what a library registers elsewhere is none of our page.
    page = CollectorRegistry() if scraped else None
    readers: list[MetricReader] = []
    if page is not None:
        readers.append(PrometheusMetricReader(scope_info_enabled=False, registry=page))
    if _is_exported("metrics"):
        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter()))
    if not readers:
        return Telemetry(tracing, None, None)
    metering = MeterProvider(readers, resource, shutdown_on_exit=False)
    metrics.set_meter_provider(metering)
    return Telemetry(tracing, metering, page)


def _is_exported(signal: str) -> bool:
    """Whether an endpoint is set for `traces` or `metrics`, and their exporter not switched off."""
    if os.environ.get(f"OTEL_{signal.upper()}_EXPORTER", "otlp").strip().lower() == "none":
        return False
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT")
    return any(os.environ.get(name) for name in names)
