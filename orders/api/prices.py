from config.jsonapi import registry
from config.jsonapi.relations import about, to_one
from config.jsonapi.resource import Computed
from orders.api.amounts import amount
from orders.api.of_sku import SKU_CODE, OfSku
from orders.api.resource import NO_RULES, left_out
from orders.models import Price

NO_TIERS = "a SKU has one price in a list, whatever the quantity"


def in_list(stem: str, *, cents: str | None = None) -> dict[str, Computed]:
    """An amount in the currency of the price's list."""
    return amount(stem, cents=cents, currency="price_list.currency_code", joins=("price_list",))


@registry.register
class Prices(OfSku):
    """What a SKU costs in a price list; a SKU has one price in each."""

    type = "prices"
    model = Price
    computed = {
        "sku_code": SKU_CODE,
        "currency_code": Computed(lambda row: row.price_list.currency_code, joins=("price_list",)),
        **in_list("amount"),
        **in_list("original_amount", cents="amount_cents"),
        **in_list("compare_at_amount"),
    }
    relations = {
        "price_list": to_one("price_list"),
        "sku": to_one("sku"),
        "event_stores": about("prices"),
    }
    left_out = left_out(
        "attachments",
        "versions",
        "jwt_custom_claim",
        "jwt_customer",
        "jwt_markets",
        "jwt_stock_locations",
        rules=NO_RULES,
        rule_outcomes=NO_RULES,
        resource_payload=NO_RULES,
        processed_at=NO_RULES,
        price_tiers=NO_TIERS,
        price_volume_tiers=NO_TIERS,
        price_frequency_tiers=NO_TIERS,
    )
    promises = {
        "one_price_per_sku_and_list": ("sku", "has already been taken"),
        "a_price_is_not_negative": ("amount_cents", "must be greater than or equal to 0"),
        "a_former_price_is_not_negative": (
            "compare_at_amount_cents",
            "must be greater than or equal to 0",
        ),
    }
