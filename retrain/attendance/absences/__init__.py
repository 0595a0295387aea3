"""Missed hours: who is warned, and what is decided at the limit."""
