"""Pages of rows that were all read already, for the sums above them or because they are made, not fetched."""

from typing import Any

from flask_sqlalchemy.pagination import Pagination


class ReadPage(Pagination):
    """One page of ``rows``."""

    def _query_items(self) -> list[Any]:
        rows, at = self._query_args["rows"], self._query_offset
        return list(rows[at : at + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["rows"])
