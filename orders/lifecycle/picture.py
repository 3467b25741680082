"""The lifecycle as a Mermaid diagram, drawn from the table of moves."""

from collections import defaultdict
from collections.abc import Iterator

from orders.lifecycle.moves import CANCELLED, DRAFT, MOVES, PENDING, STATUS, Move


def picture() -> str:
    """Draw the statuses of an order and the moves between them; the README shows the result."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for move in MOVES:
        for start, end in _arrows(move):
            arrows[start, end].append(_label(move))
    return "\n".join(
        [
            "stateDiagram-v2",
            f"    [*] --> {DRAFT.value}",
            *(
                f"    {start} --> {end}: {', '.join(names)}"
                for (start, end), names in arrows.items()
            ),
            f"    {PENDING.value} --> {DRAFT.value}: nothing to buy left",
            f"    {CANCELLED.value} --> [*]",
        ]
    )


def _arrows(move: Move) -> Iterator[tuple[str, str]]:
    for status in move.statuses:
        start = str(status)
        yield start, start if move.status is None else str(move.status)


def _label(move: Move) -> str:
    """Say what is done, and what it makes of payment or fulfilment where that is the point."""
    words = move.name.replace("_", " ")
    return words if move.axis == STATUS else f"{words} ({move.goal})"
