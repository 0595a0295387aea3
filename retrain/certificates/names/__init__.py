"""The check of names before printing."""
