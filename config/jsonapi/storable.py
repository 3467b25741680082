"""What JSON may have and the database may not: NUL bytes, halves of characters, infinity."""

import math
import re
from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 64
# A NUL byte, and halves of characters that stand alone.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def why_not_storable(value: Any) -> str | None:
    """Say what is wrong with a JSON value, if anything is."""
    for part, depth in _walk(value):
        if depth > MAX_DEPTH:
            return "is nested too deeply"
        if isinstance(part, str) and UNSTORABLE.search(part):
            return "has a text with characters that cannot be stored"
        if isinstance(part, float) and not math.isfinite(part):
            return "has a number that is too large"
    return None


def _walk(value: Any) -> Iterator[tuple[Any, int]]:
    """Every value and key inside, with its depth; without recursion, which has a limit."""
    waiting = [(value, 1)]
    while waiting:
        part, depth = waiting.pop()
        yield part, depth
        if isinstance(part, dict):
            waiting += [(inner, depth + 1) for pair in part.items() for inner in pair]
        elif isinstance(part, list):
            waiting += [(inner, depth + 1) for inner in part]
