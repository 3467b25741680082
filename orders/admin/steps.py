"""The steps of an order's lifecycle on its page: what is open to it now, why others are not.

The lifecycle decides; here its answers get words. Each step is confirmed on a page of its own and
taken by a form. Taken twice, it acts once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.admin_site import shop_site
from orders import lifecycle, open_orders
from orders.admin.figures import in_money
from orders.admin.wording import AXES, Text, obstacle_in_words, state, states_in_words
from orders.audit import Who
from orders.lifecycle import MOVES, Outcome
from orders.models import Order
from orders.obstacles import Obstacle

Action = Callable[..., Outcome]
MOVE_OF = {move.name: move for move in MOVES}
DANGEROUS = frozenset({"cancel", "refund"})
ASIDE = frozenset({"archive", "unarchive"})


@dataclass(frozen=True)
class Kind:
    """A step as it is offered: ``done`` and ``there`` are said afterwards, of an order's number."""

    name: str
    permission: str
    action: Action
    label: Text
    effect: Text
    done: Text
    there: Text


def place(order_ids: Sequence[str], *, who: Who) -> Outcome:
    """Place orders with what they owe now."""
    for order_id in order_ids:
        with transaction.atomic():
            open_orders.catch_up(open_orders.hold(order_id), who=who)
    return lifecycle.place(order_ids, who=who)


KINDS = (
    Kind(
        "make_pending",
        "orders.place_order",
        lifecycle.make_pending,
        _("Make ready to place"),
        _("The draft becomes a pending order."),
        _("Order %(number)s is pending."),
        _("Order %(number)s was pending already."),
    ),
    Kind(
        "place",
        "orders.place_order",
        place,
        _("Place"),
        _("Its products are taken from stock, and the payment is promised."),
        _("Order %(number)s is placed."),
        _("Order %(number)s was placed already."),
    ),
    Kind(
        "authorize",
        "orders.process_order",
        lifecycle.authorize,
        _("Authorize the payment"),
        _("The payment is noted as promised."),
        _("The payment of order %(number)s is authorized."),
        _("The payment of order %(number)s was authorized already."),
    ),
    Kind(
        "approve",
        "orders.process_order",
        lifecycle.approve,
        _("Approve"),
        _("You accept the order."),
        _("Order %(number)s is approved."),
        _("Order %(number)s was approved already."),
    ),
    Kind(
        "capture",
        "orders.process_order",
        lifecycle.capture,
        _("Capture the payment"),
        _("The promised money is taken, and what has to be sent is being fulfilled."),
        _("The payment of order %(number)s is captured."),
        _("The payment of order %(number)s was captured already."),
    ),
    Kind(
        "approve_and_capture",
        "orders.process_order",
        lifecycle.approve_and_capture,
        _("Approve and capture"),
        _("You accept the order, and the promised money is taken."),
        _("Order %(number)s is approved, and its payment captured."),
        _("The payment of order %(number)s was captured already."),
    ),
    Kind(
        "fulfill",
        "orders.process_order",
        lifecycle.fulfill,
        _("Fulfil"),
        _("All was handed over; its stock will not come back."),
        _("Order %(number)s is fulfilled."),
        _("Order %(number)s was fulfilled already."),
    ),
    Kind(
        "refund",
        "orders.process_order",
        lifecycle.refund,
        _("Refund"),
        _("The money is paid back and the order cancelled; stock that was not sent comes back."),
        _("Order %(number)s is refunded and cancelled."),
        _("Order %(number)s was refunded already."),
    ),
    Kind(
        "cancel",
        "orders.cancel_order",
        lifecycle.cancel,
        _("Cancel the order"),
        _("Its stock is given back, and a promised payment is void. This is the end of the order."),
        _("Order %(number)s is cancelled."),
        _("Order %(number)s was cancelled already."),
    ),
    Kind(
        "archive",
        "orders.archive_order",
        lifecycle.archive,
        _("Archive"),
        _("It is put out of sight; nothing else changes."),
        _("Order %(number)s is archived."),
        _("Order %(number)s was archived already."),
    ),
    Kind(
        "unarchive",
        "orders.archive_order",
        lifecycle.unarchive,
        _("Bring back from the archive"),
        _("It is among the other orders again."),
        _("Order %(number)s is out of the archive."),
        _("Order %(number)s was not archived."),
    ),
)
KIND_OF = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Step:
    """A step for one order and one reader; ``reasons`` against it, in words, or none."""

    kind: Kind
    address: str
    reasons: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.reasons

    @property
    def importance(self) -> str:
        """How its button looks: ``danger``, ``aside`` or ``main``."""
        if self.kind.name in DANGEROUS:
            return "danger"
        return "aside" if self.kind.name in ASIDE else "main"


def steps_of(request: HttpRequest, order: Order, ahead: Sequence[Obstacle]) -> list[Step]:
    """The steps that the reader's role takes and that are of interest, open ones first.

    ``ahead`` is what would stand in the way of placing.
    """
    steps = [
        replace(step, reasons=_reasons(step.kind, order, ahead))
        for step in (Step(kind, _address(order, kind)) for kind in KINDS)
        if request.user.has_perm(step.kind.permission) and _is_of_interest(step.kind, order)
    ]
    return sorted(steps, key=lambda step: not step.is_open)


def ask_or_take(request: HttpRequest, order: Order, name: str) -> HttpResponse:
    """Ask before a step is taken (GET), take it (POST)."""
    kind = KIND_OF.get(name)
    if kind is None:
        raise Http404
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    back = reverse("admin:orders_order_change", args=[order.pk])
    if request.method == "POST":
        outcome = kind.action([order.pk], who=Who.user(request.user))
        _tell(request, order, kind, outcome)
        return HttpResponseRedirect(back)
    ahead = lifecycle.obstacles_ahead(order) if name == "place" else []
    reasons = _reasons(kind, order, ahead)
    return shop_site.show(
        request,
        "orders/step.html",
        title=_question(kind, order),
        opts=order._meta,
        original=order,
        kind=kind,
        order=order,
        reasons=reasons,
        facts=_facts(order),
        back=back,
        is_dangerous=name in DANGEROUS,
    )


def _tell(request: HttpRequest, order: Order, kind: Kind, outcome: Outcome) -> None:
    number = format_html(
        '<a href="{}">{}</a>',
        reverse("admin:orders_order_change", args=[order.pk]),
        order.number,
    )
    refused = outcome.refused.get(order.pk)
    if refused:
        first = gettext("Order %(number)s stays as it is.") % {"number": order.number}
        if kind.name == "place":
            words = [obstacle_in_words(each) for each in refused]
        else:
            order.refresh_from_db(fields=["status", "payment_status", "fulfillment_status"])
            words = list(_state_reasons(kind, order))
        messages.error(request, " ".join([first, *words]))
    else:
        sentence = kind.done if outcome.done else kind.there
        say = messages.success if outcome.done else messages.info
        say(request, format_html(str(sentence).replace("%(number)s", "{}"), number))


def _address(order: Order, kind: Kind) -> str:
    return reverse("admin:orders_order_step", args=[order.pk, kind.name])


def _is_of_interest(kind: Kind, order: Order) -> bool:
    """Drafts become pending by themselves once they can; the archive has one door at a time."""
    if kind.name == "make_pending":
        return order.status == lifecycle.MOVES[0].statuses[0]
    if kind.name in {"archive", "unarchive"}:
        return (kind.name == "archive") == (order.archived_at is None)
    return True


def _reasons(kind: Kind, order: Order, ahead: Sequence[Obstacle]) -> tuple[str, ...]:
    reasons = _state_reasons(kind, order)
    if not reasons and kind.name in {"place", "make_pending"}:
        needed = {"line_items", "customer_email"} if kind.name == "make_pending" else None
        reasons = tuple(
            obstacle_in_words(each) for each in ahead if needed is None or each.key in needed
        )
    return reasons


def _state_reasons(kind: Kind, order: Order) -> tuple[str, ...]:
    """Why the states of an order do not let it take a step."""
    move = MOVE_OF.get(kind.name)
    if move is None:
        return ()
    if move.has_arrived(order):
        return (gettext("Done already."),)
    for axis, allowed in move.requirements():
        here = getattr(order, axis)
        if here not in allowed:
            return (
                gettext("%(axis)s is «%(here)s»; it would have to be %(allowed)s.")
                % {
                    "axis": AXES[axis],
                    "here": str(state(axis, here)[0]).lower(),
                    "allowed": states_in_words(axis, allowed),
                },
            )
    return ()


def _question(kind: Kind, order: Order) -> str:
    return gettext("%(step)s: order %(number)s?") % {"step": kind.label, "number": order.number}


def _facts(order: Order) -> str:
    """What a step is about, in figures."""
    pieces = sum(order.line_items.filter(item_type="skus").values_list("quantity", flat=True))
    return ngettext("%(count)d piece, %(total)s", "%(count)d pieces, %(total)s", pieces) % {
        "count": pieces,
        "total": in_money(order.total_amount_cents, order.currency_code),
    }
