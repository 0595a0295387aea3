"""Journals, month sheets and statements, printed and as tables."""
