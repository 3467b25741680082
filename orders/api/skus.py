from config.jsonapi import registry
from config.jsonapi.contract_files import AttributeFacts
from config.jsonapi.relations import about, through, to_many
from orders.api.resource import ShopResource, add_tags, left_out, remove_tags, switches
from orders.models import Sku

VERB = frozenset({"create", "update"})
OURS = (
    AttributeFacts("disabled_at", "datetime", frozenset({"fetch", "filter", "sort"})),
    AttributeFacts("_disable", "boolean", VERB),
    AttributeFacts("_enable", "boolean", VERB),
)


@registry.register
class Skus(ShopResource):
    """What the shop sells; what is disabled goes into no new line."""

    type = "skus"
    model = Sku
    ours = {facts.name: facts for facts in OURS}
    relations = {
        "prices": to_many("sku"),
        "stock_items": to_many("sku"),
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
        sku_options="an option is not bound to SKUs but to a pattern of their codes",
        sku_list_items="lists of SKUs are outside of this product",
        sku_lists="lists of SKUs are outside of this product",
    )
    triggers = {**switches("skus"), "_add_tags": add_tags, "_remove_tags": remove_tags}
    promises = {"one_sku_per_code": ("code", "has already been taken")}
