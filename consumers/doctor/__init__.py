"""The doctor: what stands in the way of reading uploads, or will, each with its remedy."""

from consumers.doctor.check import Check, Verdict
from consumers.doctor.examination import examine

__all__ = ["Check", "Verdict", "examine"]
