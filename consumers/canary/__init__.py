"""The canary: a known card that goes the whole way, now and then, and leaves nothing behind."""

from consumers.canary.flight import IN_TIME, Canary

__all__ = ["IN_TIME", "Canary"]
