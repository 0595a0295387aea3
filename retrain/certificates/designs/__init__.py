"""Designs of documents, each in a folder of its own, each version of it in a folder that never changes again."""
