"""A college's annual plan: who goes to which course in which month, and what came of it."""
