"""The moves of an order, each written once.

The code asks this table which orders may move, and so do the messages of refused ones, the picture
in the README and the tests. A move has a goal, one value of one of the three states of an order; an
order that has reached it stays as it is, an order elsewhere than ``statuses``, ``payments`` and
``fulfillments`` say is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from orders.lifecycle.outcome import Outcome
from orders.lifecycle.standing import Standing
from orders.models import FulfillmentStatus, OrderStatus, PaymentStatus
from orders.obstacles import Obstacle, invalid_transition

DRAFT, PENDING, PLACED, APPROVED, CANCELLED = OrderStatus
UNPAID, AUTHORIZED, PAID, VOIDED, REFUNDED, FREE = PaymentStatus
UNFULFILLED, IN_PROGRESS, FULFILLED, NOT_REQUIRED = FulfillmentStatus

STATUS, PAYMENT, FULFILLMENT = "status", "payment_status", "fulfillment_status"


class States(Protocol):
    """The three states of an order, of which moves are made."""

    @property
    def status(self) -> str: ...
    @property
    def payment_status(self) -> str: ...
    @property
    def fulfillment_status(self) -> str: ...


@dataclass(frozen=True)
class Move:
    """From where an order may reach ``goal``, and the ``status`` that it then has."""

    name: str
    axis: str
    goal: str
    status: OrderStatus | None = None  # None: the move leaves the status alone
    statuses: Sequence[str] = tuple(OrderStatus)
    payments: Sequence[str] = tuple(PaymentStatus)
    fulfillments: Sequence[str] = tuple(FulfillmentStatus)

    def has_arrived(self, order: States) -> bool:
        return getattr(order, self.axis) == self.goal

    def obstacle(self, order: States) -> Obstacle | None:
        """Say why the order cannot make this move: the first of its states that is not right."""
        for axis, allowed in self.requirements():
            state = getattr(order, axis)
            if state not in allowed:
                return invalid_transition(state, self.goal)
        return None

    def requirements(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Where an order must stand on each axis to make this move."""
        return (
            (STATUS, self.statuses),
            (PAYMENT, self.payments),
            (FULFILLMENT, self.fulfillments),
        )


def _status_move(name: str, status: OrderStatus, **where: Sequence[str]) -> Move:
    return Move(name, STATUS, status, status, **where)


MAKE_PENDING = _status_move("make_pending", PENDING, statuses=[DRAFT])
PLACE = _status_move("place", PLACED, statuses=[PENDING])
AUTHORIZE = Move("authorize", PAYMENT, AUTHORIZED, statuses=[PLACED], payments=[UNPAID])
APPROVE = _status_move("approve", APPROVED, statuses=[PLACED])
CAPTURE = Move("capture", PAYMENT, PAID, statuses=[APPROVED], payments=[AUTHORIZED])
APPROVE_AND_CAPTURE = Move(
    "approve_and_capture",
    PAYMENT,
    PAID,
    APPROVED,
    statuses=[PLACED, APPROVED],
    payments=[AUTHORIZED],
)
FULFILL = Move(
    "fulfill",
    FULFILLMENT,
    FULFILLED,
    statuses=[APPROVED],
    payments=[PAID, FREE],
    fulfillments=[UNFULFILLED, IN_PROGRESS],
)
CANCEL = _status_move(
    "cancel",
    CANCELLED,
    statuses=[DRAFT, PENDING, PLACED, APPROVED],
    payments=[UNPAID, AUTHORIZED, FREE],  # what is paid is refunded, which cancels it
    fulfillments=[UNFULFILLED, NOT_REQUIRED],
)
REFUND = Move("refund", PAYMENT, REFUNDED, CANCELLED, statuses=[PLACED, APPROVED], payments=[PAID])

MOVES = (
    MAKE_PENDING,
    PLACE,
    AUTHORIZE,
    APPROVE,
    CAPTURE,
    APPROVE_AND_CAPTURE,
    FULFILL,
    CANCEL,
    REFUND,
)


@dataclass
class Sorted:
    """A set of orders before a move: who may go, who is there already, who must not."""

    ready: dict[str, Standing] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, list[Obstacle]] = field(default_factory=dict)

    def refuse(self, obstacles: Mapping[str, Iterable[Obstacle]]) -> None:
        """Hold back orders that were ready but have these obstacles."""
        for order_id, found in obstacles.items():
            if self.ready.pop(order_id, None):
                self.refused[order_id] = list(found)

    def outcome(self) -> Outcome:
        """Say how the move went, once all who are ready have gone."""
        return Outcome(list(self.ready), self.unchanged, self.refused)


def sort_out(move: Move, orders: Iterable[Standing]) -> Sorted:
    """Tell who may make a move."""
    result = Sorted()
    for order in orders:
        if move.has_arrived(order):
            result.unchanged.append(order.id)
        elif obstacle := move.obstacle(order):
            result.refused[order.id] = [obstacle]
        else:
            result.ready[order.id] = order
    return result
