"""The log of documents that nobody can rewrite unseen."""
