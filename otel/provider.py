"""The tracer provider of this process."""

import os

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def start_tracing(service: str, version: str, instance: str) -> TracerProvider:
    """Install a provider; spans leave the process only when an OTLP endpoint is configured.

    Without an endpoint there is no exporter and no noise, but spans still carry ids: attempts and
    dead letters name their trace either way.

    Args:
        service: `service.name`, unless OTEL_SERVICE_NAME says otherwise.
        version: `service.version`.
        instance: `service.instance.id`.
    """
    resource = Resource.create(
        {
            SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", service),
            SERVICE_VERSION: version,
            SERVICE_INSTANCE_ID: instance,
        }
    )
    provider = TracerProvider(resource=resource)
    if any(os.environ.get(name) for name in ENDPOINTS):
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider
