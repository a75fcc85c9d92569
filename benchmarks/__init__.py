"""Measuring how well cards are read: rendered cards, and the comparison with their truth."""
