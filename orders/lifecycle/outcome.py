from dataclasses import dataclass, field

from orders.obstacles import Obstacle


@dataclass(frozen=True)
class Outcome:
    """How an action went for each order of a set.

    ``unchanged`` orders were there already: nothing was done or charged a second time. ``refused``
    ones stay as they were, and the others went on.
    """

    done: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, list[Obstacle]] = field(default_factory=dict)
