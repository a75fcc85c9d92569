"""Telemetry: the provider, spans."""
