"""Faults done to a real system, and what its alerts and `cricksy-ocr why` then say."""
