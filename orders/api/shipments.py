"""Shipments on the wire; ``orders.shipments`` says what may be done with them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.relations import Loaded, Nothing, Relation, Through, about, through, to_one
from config.jsonapi.resource import Change, Computed, Trigger
from orders.api.order_parts import PartOfOrder, amount_in_order
from orders.api.resource import add_tags, left_out, refusing, remove_tags
from orders.models import ItemType, LineItem, Order, Shipment
from orders.shipments import add_shipment, change_shipment, move_shipment, remove_shipment
from orders.shipping import cost_of, is_offered, weights_of

STOCK = "stock is taken when an order is placed, and never reserved"
CARRIERS = "rates and purchases of carriers are outside of this product"
LINES = LineItem.objects.filter(order=OuterRef("order"), item_type=ItemType.SKU).order_by()
SKUS_COUNT = Coalesce(Subquery(LINES.values("order").annotate(n=Sum("quantity")).values("n")), 0)
CURRENCY = {"currency_": F("order__currency_code")}


class AvailableMethods(Relation):
    """The shipping methods that are offered to a shipment's order now."""

    tells_more = True  # what they cost it

    def __init__(self) -> None:
        super().__init__("pk", "pk")

    def rows_of(self, parent: Model, rows: QuerySet[Any]) -> QuerySet[Any]:
        offered = self.load([parent], rows)[parent.pk]
        costs = [When(pk=each.pk, then=Value(each.cents_for_shipment)) for each in offered]
        return rows.filter(pk__in=[each.pk for each in offered]).annotate(
            cents_for_shipment=Case(*costs, output_field=BigIntegerField())
        )

    def load(self, parents: Sequence[Model], rows: QuerySet[Any]) -> Loaded:
        """Methods tell what they cost a shipment where that is the same for all ``parents``."""
        order_ids = {parent.order_id for parent in parents}  # type: ignore[attr-defined]
        orders = Order.objects.in_bulk(order_ids)
        grams = weights_of(list(orders))
        methods = list(rows.filter(disabled_at=None))
        for method in methods:
            costs = {cost_of(method, order) for order in orders.values()}
            method.cents_for_shipment = costs.pop() if len(costs) == 1 else None
        return {
            parent.pk: [
                method
                for method in methods
                if is_offered(method, orders[parent.order_id], grams=grams[parent.order_id])  # type: ignore[attr-defined]
            ]
            for parent in parents
        }


def move(goal: Shipment.Status, words: str) -> Trigger:
    """A step on the way of a shipment; one that is not allowed says from where to where."""

    def trigger(shipment: Shipment, _value: Any, change: Change) -> None:
        with refusing(registry.get("shipments")):
            move_shipment(shipment, goal, who=change.caller.who)

    trigger.__doc__ = words
    return trigger


@registry.register
class Shipments(PartOfOrder):
    """The parcel of an order: by which method it goes, what that costs, and how far it is.

    It follows its order: upcoming once that is placed, shipped once it is fulfilled, on hold once
    it is cancelled or refunded before.
    """

    type = "shipments"
    model = Shipment
    computed = {
        "currency_code": Computed(lambda row: row.currency_, annotations=CURRENCY),
        **amount_in_order("cost_amount", currency="currency_", annotations=CURRENCY),
        "skus_count": Computed(lambda row: row.skus_, annotations={"skus_": SKUS_COUNT}),
    }
    relations = {
        "order": to_one("order"),
        "stock_location": to_one("stock_location"),
        "origin_address": Nothing(),
        "shipping_address": Through(
            "pk", "pk", join=Shipment, mine="pk", its="order__shipping_address_id"
        ),
        "shipping_method": to_one("shipping_method"),
        "line_items": Relation("order_id", "order_id", {"item_type": ItemType.SKU}),
        "available_shipping_methods": AvailableMethods(),
        "events": about("shipments"),
        "tags": through(Shipment, "tags"),
        "event_stores": about("shipments"),
    }
    left_out = left_out(
        "stock_transfers",
        "attachments",
        "versions",
        _reserve_stock=STOCK,
        _release_stock=STOCK,
        _decrement_stock=STOCK,
        stock_line_items="where stock was taken from is the warehouse's business",
        inventory_stock_location="a market's stock locations are asked in their order, by itself",
        shipping_category="shipping categories are outside of this product",
        delivery_lead_time="carriers and their lead times are outside of this product",
        pickup=CARRIERS,
        parcels="parcels are outside of this product",
        **dict.fromkeys(
            (
                "_get_rates",
                "selected_rate_id",
                "rates",
                "_purchase",
                "purchase_error_code",
                "purchase_error_message",
                "get_rates_errors",
                "get_rates_started_at",
                "get_rates_completed_at",
                "purchase_started_at",
                "purchase_completed_at",
                "purchase_failed_at",
                "carrier_accounts",
            ),
            CARRIERS,
        ),
    )
    triggers = {
        "_add_tags": add_tags,
        "_remove_tags": remove_tags,
        "_upcoming": move(Shipment.Status.UPCOMING, "Let the warehouse expect it."),
        "_cancel": move(Shipment.Status.CANCELLED, "Call it off, unless it was shipped."),
        "_on_hold": move(Shipment.Status.ON_HOLD, "Let it wait."),
        "_picking": move(Shipment.Status.PICKING, "Note that its pieces are being collected."),
        "_packing": move(Shipment.Status.PACKING, "Note that it is being packed."),
        "_ready_to_ship": move(Shipment.Status.READY_TO_SHIP, "Note that it can be fetched."),
        "_ship": move(Shipment.Status.SHIPPED, "Note that it has left."),
        "_deliver": move(Shipment.Status.DELIVERED, "Note that it has arrived."),
    }
    promises = {"one_shipment_per_number": ("number", "has already been taken")}

    def create(self, change: Change) -> str:
        order = change.references["order"]
        given = _given(change, order)
        with refusing(self):
            shipment = add_shipment(order.pk, given, who=change.caller.who)
        self.assign_many(shipment, change)
        return shipment.pk

    def update(self, row: Shipment, change: Change) -> None:
        given = _given(change, row.order)
        with refusing(self):
            change_shipment(row, given, who=change.caller.who)
        self.assign_many(row, change)

    def delete(self, row: Shipment, caller: Caller) -> None:
        with refusing(self):
            remove_shipment(row, who=caller.who)


def _given(change: Change, order: Order) -> dict[str, Any]:
    address = change.references.get("shipping_address")
    if address is not None and address.pk != order.shipping_address_id:
        message = "is always that of the order"
        raise Invalid(invalid("shipping_address", message, error="invalid", where="relationships"))
    method = {name: each for name, each in change.references.items() if name == "shipping_method"}
    return {**change.attributes, **method}
