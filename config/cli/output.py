"""Plain text for a terminal or a log: tables, counts, times; and JSON for scripts."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.cells import cell_len

# At most so many causes and rows for a person; --json has them all.
MOST_ROWS = 20


def clean(text: object) -> str:
    """The text in one line without control characters, which could play tricks on a terminal."""
    return "".join(
        " " if character in "\t\n\r" else character
        for character in str(text)
        if character in "\t\n\r" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )


def number_of(count: int, singular: str, plural: str | None = None) -> str:
    """The count with its noun.

    >>> number_of(1, "order"), number_of(1234, "order"), number_of(0, "copy", "copies")
    ('1 order', '1,234 orders', '0 copies')
    """
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def moment(time: datetime | None) -> str:
    """A time in UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if time else "–"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: str = "") -> str:
    """Columns, aligned also for wide characters; the headers named in ``right`` to the right."""
    cells = [list(headers), *([clean(value) for value in row] for row in rows)]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*cells, strict=True)]
    to_the_right = [header in right.split(",") for header in headers]
    return "\n".join(
        "  ".join(
            _padded(cell, width, right=right_aligned)
            for cell, width, right_aligned in zip(row, widths, to_the_right, strict=True)
        ).rstrip()
        for row in cells
    )


def _padded(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if right else cell + space


def as_json(document: object, *, indent: int | None = 2) -> str:
    """The document as JSON; times as ISO 8601, anything else unknown as its text."""
    return json.dumps(document, ensure_ascii=False, indent=indent, default=_plain)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
