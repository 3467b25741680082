"""The audit trail of an order as sentences: who did what, and when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.admin.wording import SHIPMENT_STATES, Text, doer
from orders.lifecycle.moves import FULFILLMENT, PAYMENT, STATUS
from orders.models import EventStore, LineItem, Order

# More than anybody reads; the oldest are left out.
SHOWN = 100

MOVES: Mapping[tuple[str, str], Text] = {
    (STATUS, "draft"): _("%(who)s took the order back to draft"),
    (STATUS, "pending"): _("%(who)s made the order pending"),
    (STATUS, "placed"): _("%(who)s placed the order"),
    (STATUS, "approved"): _("%(who)s approved the order"),
    (STATUS, "cancelled"): _("%(who)s cancelled the order"),
    (PAYMENT, "unpaid"): _("%(who)s took the payment back"),
    (PAYMENT, "authorized"): _("%(who)s authorized the payment"),
    (PAYMENT, "paid"): _("%(who)s captured the payment"),
    (PAYMENT, "voided"): _("%(who)s voided the payment"),
    (PAYMENT, "refunded"): _("%(who)s refunded the payment"),
    (PAYMENT, "free"): _("%(who)s noted that nothing is to be paid"),
    (FULFILLMENT, "unfulfilled"): _("%(who)s took the fulfilment back"),
    (FULFILLMENT, "in_progress"): _("%(who)s began to fulfil the order"),
    (FULFILLMENT, "fulfilled"): _("%(who)s fulfilled the order"),
    (FULFILLMENT, "not_required"): _("%(who)s noted that nothing has to be sent"),
}
# Ids tell a reader nothing, so these are told without the value.
CHOSEN: Mapping[str, Text] = {
    "payment_method": _("%(who)s changed the payment method"),
    "payment_source": _("%(who)s changed the payment source"),
    "billing_address": _("%(who)s changed the billing address"),
    "shipping_address": _("%(who)s changed the shipping address"),
    "market": _("%(who)s moved the order to another market"),
}
NAMES: Mapping[str, Text] = {
    "customer_email": _("the customer's e-mail address"),
    "coupon_code": _("the coupon"),
    "reference": _("the reference"),
    "language_code": _("the language"),
    "quantity": _("the quantity"),
    "sku_code": _("the product"),
    "name": _("the name"),
    "number": _("the number"),
}
ARCHIVED = _("%(who)s archived the order")
BROUGHT_BACK = _("%(who)s brought the order back from the archive")
REMOVED = _("%(who)s removed %(quantity)s × %(name)s")
# What follows from other changes of the same entry.
IMPLIED = frozenset({"customer"})

# The words, and what else than «who» stands in them.
Sentence = tuple[Text, Mapping[str, Any]]


@dataclass(frozen=True)
class Entry:
    """One sentence."""

    at: datetime
    words: str


def history_of(
    order: Order, lines: Sequence[LineItem], shipments: Mapping[str, str]
) -> list[Entry]:
    """What happened to an order and its parts, the latest first; ``shipments`` are numbers by id.

    Of a line that is gone only this is told, with what it was.
    """
    of_lines = {line.pk: line.sku_code or line.name or "" for line in lines}
    addresses = {
        pk: name
        for name in ("billing_address", "shipping_address")
        if (pk := getattr(order, f"{name}_id"))
    }
    ids = [order.pk, *of_lines, *shipments, *addresses]
    stored = EventStore.objects.filter(resource_id__in=ids, mode=order.mode)
    told = []
    for row in stored.order_by("-created_at", "-pk")[:SHOWN]:
        who = doer(row.who)
        if row.resource_type == "line_items":
            sentences = _of_line(row, of_lines[row.resource_id])
        elif row.resource_type == "shipments":
            sentences = _of_shipment(row, shipments[row.resource_id])
        elif row.resource_type == "addresses":
            sentences = iter([(CHOSEN[addresses[row.resource_id]], {})])
        else:
            sentences = _of_order(row, order)
        told += [
            Entry(row.created_at, str(words) % {"who": who, **names}) for words, names in sentences
        ]
    return told


def _of_order(row: EventStore, order: Order) -> Iterator[Sentence]:
    if row.event == EventStore.What.CREATE:
        yield _made(row, order)
        return
    for name, change in row.payload.items():
        if name == "line_items":
            yield REMOVED, change["from"]
        elif name == "archived_at":
            yield (ARCHIVED if change["to"] else BROUGHT_BACK), {}
        elif (name, change["to"]) in MOVES:
            yield MOVES[name, change["to"]], {}
        elif name in CHOSEN:
            yield CHOSEN[name], {}
        elif name not in IMPLIED:
            yield _changed(name, change)


def _made(row: EventStore, order: Order) -> Sentence:
    if order.copied_from is not None and row.payload.get("copied_from"):
        number = order.copied_from.number
        return _("%(who)s made the order as a copy of %(number)s"), {"number": number}
    if row.who.get("command") == "import_orders":
        return _("%(who)s brought the order in from a file"), {}
    return _("%(who)s made the order"), {}


def _of_line(row: EventStore, name: str) -> Iterator[Sentence]:
    if row.event == EventStore.What.CREATE:
        quantity = row.payload.get("quantity", {}).get("to")
        yield _("%(who)s added %(quantity)s × %(name)s"), {"quantity": quantity, "name": name}
    elif quantity := row.payload.get("quantity"):
        yield (
            _("%(who)s changed %(name)s from %(old)s to %(new)s pieces"),
            {"name": name, "old": quantity["from"], "new": quantity["to"]},
        )
    elif row.payload:
        yield _("%(who)s changed the line of %(name)s"), {"name": name}


def _of_shipment(row: EventStore, number: str) -> Iterator[Sentence]:
    if row.event == EventStore.What.CREATE:
        yield _("%(who)s added the shipment %(number)s"), {"number": number}
        return
    for name, change in row.payload.items():
        if name == "status" and change["to"] in SHIPMENT_STATES:
            state = str(SHIPMENT_STATES[change["to"]][0]).lower()
            yield (
                _("%(who)s moved the shipment %(number)s to «%(state)s»"),
                {"number": number, "state": state},
            )
        elif name == "shipping_method":
            yield (
                _("%(who)s changed the shipping method of %(number)s"),
                {"number": number},
            )


def _changed(name: str, change: Mapping[str, Any]) -> Sentence:
    old, new = change["from"], change["to"]
    names = {"field": NAMES.get(name, name.replace("_", " ")), "old": old, "new": new}
    if old and new:
        return _("%(who)s changed %(field)s from «%(old)s» to «%(new)s»"), names
    if new:
        return _("%(who)s set %(field)s to «%(new)s»"), names
    return _("%(who)s took %(field)s away"), names
