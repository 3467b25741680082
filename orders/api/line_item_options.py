"""What is added to lines, on the wire; ``orders.line_item_options`` says what may be done."""

from typing import Any

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.relations import about, through, to_one
from config.jsonapi.resource import Change
from orders.api.order_parts import PartOfOrder, amount_in_order
from orders.api.resource import add_tags, refusing, remove_tags
from orders.api.sku_options import DELAY_DAYS
from orders.line_item_options import add_option, change_option, remove_option
from orders.models import LineItemOption


@registry.register
class LineItemOptions(PartOfOrder):
    """SKU options as they were chosen for a line, with their own price and details."""

    type = "line_item_options"
    model = LineItemOption
    order_path = "line_item__order_id"
    write_only = frozenset({"unit_amount_cents"})
    computed = {
        **amount_in_order("unit_amount", "line_item__order"),
        **amount_in_order("total_amount", "line_item__order"),
        "delay_days": DELAY_DAYS,
    }
    relations = {
        "line_item": to_one("line_item"),
        "sku_option": to_one("sku_option"),
        "events": about("line_item_options"),
        "tags": through(LineItemOption, "tags"),
        "event_stores": about("line_item_options"),
    }
    triggers = {"_add_tags": add_tags, "_remove_tags": remove_tags}
    promises = {"an_option_has_a_quantity": ("quantity", "must be greater than or equal to 1")}

    def create(self, change: Change) -> str:
        with refusing(self):
            option = add_option(
                change.references["line_item"], _given(change), who=change.caller.who
            )
        self.assign_many(option, change)
        return option.pk

    def update(self, row: LineItemOption, change: Change) -> None:
        with refusing(self):
            change_option(row, _given(change), who=change.caller.who)
        self.assign_many(row, change)

    def delete(self, row: LineItemOption, caller: Caller) -> None:
        with refusing(self):
            remove_option(row, who=caller.who)


def _given(change: Change) -> dict[str, Any]:
    chosen = change.references.get("sku_option")
    return {**change.attributes, **({"sku_option": chosen} if chosen else {})}
