"""What a worker holds while it works on a batch: one ``CopyInHand`` for each copy."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from orders.models import OrderStatus
from orders.obstacles import Obstacle, nothing_to_copy


@dataclass
class CopyInHand:
    """A copy with its options and with what the steps have found out about it so far."""

    id: str
    mode: str
    attempt: int
    takeups: int
    started_at: datetime
    source_id: str
    target_id: str | None
    target_status: str | None
    place: bool
    cancel_source: bool
    reuse_wallet: bool
    apply_promotions: bool
    skip_errors: bool
    ignore_invalid_coupon: bool

    errors: list[Obstacle] = field(default_factory=list)
    blocked: bool = False
    line_count: int = 0
    skipped_lines: list[str] = field(default_factory=list)
    keep_coupon: bool = True
    copy_payment_source: bool = False
    placed: bool = False

    def __post_init__(self) -> None:
        # One that was cancelled is replaced by a new one, as one that was deleted.
        if self.target_status == OrderStatus.CANCELLED:
            self.target_id = self.target_status = None

    @property
    def builds(self) -> bool:
        """Whether it has no target yet; a kept target is mended and placed, never made twice."""
        return self.target_id is None

    @property
    def target_is_placed(self) -> bool:
        """A person placed the kept target by hand: nothing is left to check."""
        return self.target_status in (OrderStatus.PLACED, OrderStatus.APPROVED)

    @property
    def subject_id(self) -> str:
        """The order whose lines are checked: the source, or the target kept from before."""
        return self.target_id or self.source_id

    @property
    def made_target(self) -> str:
        """The id of the target; only for copies that have one."""
        if self.target_id is None:
            raise ValueError(f"copy {self.id} has no target")
        return self.target_id

    @property
    def goes_on(self) -> bool:
        """Whether nothing has stopped it so far."""
        return not self.blocked

    @property
    def completes(self) -> bool:
        return self.goes_on and self.target_id is not None

    def obstruct(self, *obstacles: Obstacle) -> None:
        """Record obstacles; they stop the copy unless it skips errors."""
        self.errors.extend(obstacles)
        if obstacles and not self.skip_errors:
            self.blocked = True

    def stop(self, *obstacles: Obstacle) -> None:
        """Record obstacles that stop the copy even when it skips errors."""
        self.errors.extend(obstacles)
        self.blocked = True

    def skip(self, obstacle: Obstacle, lines: Iterable[str]) -> None:
        """Record an obstacle of some lines; with ``skip_errors`` these lines are left out."""
        self.obstruct(obstacle)
        if self.skip_errors:
            self.skipped_lines.extend(line for line in lines if line not in self.skipped_lines)

    def stop_if_nothing_is_left(self) -> None:
        """A copy may leave lines out, but not all of them."""
        if self.goes_on and len(self.skipped_lines) >= self.line_count:
            self.stop(nothing_to_copy(left=True))
