"""One content-addressed store for what people hand in and what the program makes.

``keep`` checks and stores, ``open`` and ``path`` read, ``readable`` declares who may download files of a purpose.
"""

from retrain.files.models import StoredFile
from retrain.files.service import Made, enter_made, for_reader, forget, keep, path, read, readable, write_made
from retrain.files.service import open_stored as open  # noqa: A004 (read as files.open)
from retrain.files.sniff import CSV, JPEG, PDF, PNG, XLSX, ZIP

__all__ = [
    "CSV", "JPEG", "PDF", "PNG", "XLSX", "ZIP", "Made", "StoredFile", "enter_made", "for_reader", "forget", "keep", "open",
    "path", "read", "readable", "write_made",
]  # fmt: skip
