"""Quotation marks and dashes in all the shapes that cards print and engines read."""
# ruff: noqa: RUF001 - the shapes that look alike are what this module is about

from typing import Final

QUOTES: Final = "'\"‘’“”`"
OPENING_QUOTES: Final = "'‘`\"“"
DASHES: Final = "–—-"
"""En dash, em dash, hyphen; in this order they stand as they are in a regular expression's set."""
TIMES: Final = "xX×"
"""Signs between a number of boundaries and what each is worth: `5x4`."""
APOSTROPHES: Final = "'’`"
