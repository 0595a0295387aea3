"""The public check of a document."""
