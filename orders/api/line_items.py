"""Lines of orders on the wire; what may be done with them is said by ``orders.line_items``."""

from typing import Any

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.errors import Invalid, invalid, permission_missing
from config.jsonapi.relations import Nothing, Relation, about, one_of, through, to_many, to_one
from config.jsonapi.resource import Change
from config.jsonapi.rows import rows_of
from orders.api.order_parts import PartOfOrder, amount_in_order
from orders.api.resource import add_tags, left_out, refusing, remove_tags
from orders.line_items import add_line, change_line, remove_line
from orders.models import ItemType, LineItem, Sku
from orders.models.api_client import ApiClient

BUNDLES = "bundles are outside of this product"
PROMOTIONS = ("percentage_discount_promotions", "fixed_amount_promotions")


@registry.register
class LineItems(PartOfOrder):
    """What an order consists of: SKUs, adjustments, and what promotions take off."""

    type = "line_items"
    model = LineItem
    order = ("-created_at", "position", "pk")
    columns = {"_external_price": "external_price"}
    write_only = frozenset({"_update_quantity", "unit_amount_cents", "options_amount_cents"})
    computed = {
        **amount_in_order("unit_amount"),
        **amount_in_order("compare_at_amount"),
        **amount_in_order("options_amount"),
        **amount_in_order("discount"),
        **amount_in_order("total_amount"),
        **amount_in_order("tax_amount"),
    }
    relations = {
        "order": to_one("order"),
        "item": one_of(to_one("sku", to=("skus",)), Relation("promotion_id", "pk", to=PROMOTIONS)),
        "sku": to_one("sku"),
        "shipment": Nothing(),
        "payment_method": Nothing(),
        "line_item_options": to_many("line_item"),
        "events": about("line_items"),
        "tags": through(LineItem, "tags"),
        "event_stores": about("line_items"),
    }
    left_out = left_out(
        "circuit_state",
        "circuit_failure_count",
        "_reset_circuit",
        "stock_reservations",
        "stock_transfers",
        "notifications",
        bundle_code=BUNDLES,
        bundle=BUNDLES,
        gift_card="gift cards are outside of this product",
        adjustment="an adjustment is nothing but its line",
        rule_outcomes="rules belong to a feature outside of this product",
        return_line_items="returns are outside of this product",
        stock_line_items="where stock was taken from is the warehouse's business",
        _reserve_stock="stock is taken when an order is placed, and never reserved",
        _reset_restocked_quantity="returns are outside of this product",
    )
    triggers = {"_add_tags": add_tags, "_remove_tags": remove_tags}

    def create(self, change: Change) -> str:
        given = self.given(change)
        merge = bool(given.pop("_update_quantity", False))
        with refusing(self, item=_called(change)):
            line = add_line(
                change.references["order"].pk, given, who=change.caller.who, merge=merge
            )
        self.assign_many(line, change)
        return line.pk

    def update(self, row: LineItem, change: Change) -> None:
        _check_may_write(row, change.caller)
        given = self.given(change)
        options = given.pop("options_amount_cents", None)
        if options not in {None, row.options_amount_cents}:
            message = "is the sum of the line's options"
            raise Invalid(invalid("options_amount_cents", message, error="computed"))
        with refusing(self, item=_called(change)):
            change_line(row, given, who=change.caller.who)
        self.assign_many(row, change)

    def delete(self, row: LineItem, caller: Caller) -> None:
        _check_may_write(row, caller)
        with refusing(self):
            remove_line(row, who=caller.who)

    def given(self, change: Change) -> dict[str, Any]:
        """The fields that a body asks for, with the SKU that it names one way or the other."""
        given = {self.columns.get(name, name): each for name, each in change.attributes.items()}
        sku = _sku(change, given.pop("sku_code", None))
        return {**given, "sku": sku} if sku else given


def _sku(change: Change, code: str | None) -> Sku | None:
    item = change.references.get("item")
    if item is not None and not isinstance(item, Sku):
        message = "is not something that can be added to an order"
        raise Invalid(invalid("item", message, error="invalid", where="relationships"))
    if not code:
        return item
    if item is not None and item.code != code:
        raise Invalid(invalid("sku_code", "is not the code of the item", error="invalid"))
    found = rows_of(registry.get("skus"), change.caller).filter(code=code).first()
    if found is None:
        raise Invalid(invalid("sku_code", "must exist", error="not_found"))
    return found


def _called(change: Change) -> str:
    """How the client named the SKU, for errors about it."""
    return "sku_code" if change.attributes.get("sku_code") else "item"


def _check_may_write(line: LineItem, caller: Caller) -> None:
    """What a merchant added or took off is no business of shoppers."""
    if caller.kind == ApiClient.Kind.SALES_CHANNEL and line.item_type != ItemType.SKU:
        raise permission_missing("write this kind of", "line_items")
