"""The story of a copy, from being asked for to where it stands now."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ordercopy.admin.wording import duration_in_words, error_in_words
from ordercopy.models import CopyAttempt, CopyError, FactoryStatus, OrderCopy
from orders.admin.wording import who_in_words
from orders.models import EventStore

# Icon and colour of what happened; the words say the same.
ENDS = {
    FactoryStatus.COMPLETED: ("check_circle", "success", _("completed")),
    FactoryStatus.FAILED: ("error", "danger", _("failed")),
    FactoryStatus.ABORTED: ("block", "neutral", _("aborted")),
}


@dataclass(frozen=True)
class Moment:
    """Something that happened to a copy."""

    at: datetime
    words: str
    icon: str
    tone: str = "neutral"
    detail: str = ""
    errors: list[str] = field(default_factory=list)
    # What happened at one moment stands in this order.
    rank: int = 0


def timeline(copy: OrderCopy) -> list[Moment]:
    """All that happened, in order; reads the copy's attempts, errors and audit trail."""
    moments = [
        Moment(
            copy.created_at,
            gettext("Asked for by %(who)s") % {"who": who_in_words(copy.who)},
            "add_circle",
        ),
        *_asked_again(copy),
        *_attempts(copy),
        *_orders(copy),
    ]
    return sorted(moments, key=lambda moment: (moment.at, moment.rank))


def _asked_again(copy: OrderCopy) -> Iterator[Moment]:
    """What people did to it since; what workers did is told by the attempts."""
    words: dict[str, tuple[str | Promise, str]] = {
        FactoryStatus.PENDING: (_("Retry asked for by %(who)s"), "replay"),
        FactoryStatus.ABORTED: (_("Aborted by %(who)s"), "block"),
    }
    entries = EventStore.objects.filter(
        mode=copy.mode, resource_id=copy.pk, resource_type="order_copies", event="update"
    )
    for at, payload, who in entries.values_list("created_at", "payload", "who"):
        to = payload.get("status", {}).get("to")
        if to in words and "worker" not in who:
            said, icon = words[to]
            yield Moment(at, str(said) % {"who": who_in_words(who)}, icon)


def _attempts(copy: OrderCopy) -> Iterator[Moment]:
    errors: dict[int, list[CopyError]] = defaultdict(list)
    for error in copy.error_rows.all():
        errors[error.attempt].append(error)
    ended: list[CopyAttempt] = list(copy.attempts.all())
    for attempt in ended:
        yield _started(attempt.started_at, attempt.number)
        icon, tone, how = ENDS[FactoryStatus(attempt.status)]
        met = errors[attempt.number]
        left_out = attempt.status == FactoryStatus.COMPLETED and met
        yield Moment(
            attempt.ended_at,
            gettext("Attempt %(number)s %(how)s") % {"number": attempt.number, "how": how}
            + (f", {gettext('leaving out what could not be copied')}" if left_out else ""),
            icon,
            tone,
            duration_in_words(attempt.ended_at - attempt.started_at),
            [error_in_words(vars(error)) for error in met],
            rank=3,
        )
    if copy.started_at and copy.attempt not in {attempt.number for attempt in ended}:
        yield _started(copy.started_at, copy.attempt)


def _started(at: datetime, number: int) -> Moment:
    return Moment(
        at, gettext("Attempt %(number)s started") % {"number": number}, "play_circle", "info"
    )


def _orders(copy: OrderCopy) -> Iterator[Moment]:
    """What became of the two orders because of it."""
    target: Any = copy.target_order
    if target is not None and target.placed_at is not None:
        words = gettext("New order %(number)s placed") % {"number": target.number}
        yield Moment(target.placed_at, words, "shopping_cart_checkout", "success", rank=1)
    at = copy.source_order.cancelled_at
    ran = copy.started_at, copy.completed_at
    if copy.cancel_source_order and at and ran[0] and ran[1] and ran[0] <= at <= ran[1]:
        words = gettext("Source order %(number)s cancelled") % {"number": copy.source_order.number}
        yield Moment(at, words, "cancel", "warning", rank=2)
