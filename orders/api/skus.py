from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from config.jsonapi import registry
from config.jsonapi.contract_files import AttributeFacts
from config.jsonapi.relations import Loaded, Relation, about, through, to_many
from orders.api.resource import ShopResource, add_tags, left_out, remove_tags, switches
from orders.models import Sku
from orders.sku_options import going_with, matches_of

VERB = frozenset({"create", "update"})
OURS = (
    AttributeFacts("disabled_at", "datetime", frozenset({"fetch", "filter", "sort"})),
    AttributeFacts("_disable", "boolean", VERB),
    AttributeFacts("_enable", "boolean", VERB),
)


class FittingOptions(Relation):
    """The options that go with a SKU: a pattern of codes binds them, and no key."""

    def __init__(self) -> None:
        super().__init__("code", "sku_code_regex")

    def rows_of(self, parent: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        return going_with(rows, parent.code)

    def load(self, parents: Sequence[Any], rows: QuerySet[Any]) -> Loaded:
        options = list(rows)
        patterns = {option.sku_code_regex for option in options if option.sku_code_regex}
        matches = matches_of({parent.code for parent in parents}, patterns)
        return {
            parent.pk: [
                option
                for option in options
                if not option.sku_code_regex or (parent.code, option.sku_code_regex) in matches
            ]
            for parent in parents
        }


@registry.register
class Skus(ShopResource):
    """What the shop sells; what is disabled goes into no new line."""

    type = "skus"
    model = Sku
    ours = {facts.name: facts for facts in OURS}
    relations = {
        "prices": to_many("sku"),
        "stock_items": to_many("sku"),
        "sku_options": FittingOptions(),
        "events": about("skus"),
        "tags": through(Sku, "tags"),
        "event_stores": about("skus"),
    }
    left_out = left_out(
        "stock_reservations",
        "attachments",
        "links",
        "versions",
        "jwt_custom_claim",
        "jwt_customer",
        "jwt_markets",
        "jwt_stock_locations",
        inventory="needs a market, which only a sales channel's token has",
        shipping_category="shipping categories are outside of this product",
        delivery_lead_times="carriers and their lead times are outside of this product",
        sku_list_items="lists of SKUs are outside of this product",
        sku_lists="lists of SKUs are outside of this product",
    )
    triggers = {**switches("skus"), "_add_tags": add_tags, "_remove_tags": remove_tags}
    promises = {"one_sku_per_code": ("code", "has already been taken")}
