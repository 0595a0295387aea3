"""Numbered paper, and what was printed on it."""
