"""Allocation rounds: teachers rank the runs they want, and places are given together by a published priority."""
