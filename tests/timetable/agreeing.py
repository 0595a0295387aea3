"""What a coordinator does when a form says who would be told: reads it and says yes."""

import re
from typing import Any

MARK = re.compile(r'name="agreed" value="(\w+)"')


def agreed(desk: Any, address: str, data: dict[str, Any] | None = None, *, follow: bool = False) -> Any:
    """The answer to the form once its question was answered with yes; as it came where nothing was asked."""
    answer = desk.post(address, data=data or {}, follow_redirects=follow)
    found = MARK.search(answer.text)
    if found is None:
        return answer
    return desk.post(address, data=(data or {}) | {"agreed": found[1]}, follow_redirects=follow)
