"""Scorecards rendered from real matches, worn as scans and photos are, with their truth."""
