"""What comes out of reading a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.ocr.looks import LookCost
from pipeline.ocr.words import Page
from pipeline.options import Look

PIPELINE_VERSION = "4"
"""Changes whenever the same file may give another document."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """When a stage ran, once for every page."""

    name: str
    started_at: float
    """Seconds since the epoch."""
    ended_at: float
    """Seconds since the epoch."""
    page: int | None = None
    """From 1; None for a stage over the whole file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one file."""

    document: dict[str, Any]
    """The scorecard document, ready for JSON."""
    verified: bool
    """There is an innings, and the arithmetic of every one of them leaves no doubt."""
    warnings: tuple[str, ...]
    raw_text: str
    """Every word, line by line."""
    confidence: float
    """Mean over the words, 0 to 1."""
    stages: tuple[StageTime, ...]
    pages: tuple[Page, ...]
    cpu_seconds: float
    engine: str
    """Name of the engine that was ready, also where no page needed it."""
    looks: Mapping[Look, LookCost] = field(default_factory=dict)
    """What each further look has cost."""
