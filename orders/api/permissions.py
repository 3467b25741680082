"""Which kind of client may do what: one table, read by the API, its tests and its documentation."""

from collections.abc import Mapping

from orders.models.api_client import ApiClient

Actions = frozenset[str]
Names = frozenset[str]

NOTHING: Actions = frozenset()
READ: Actions = frozenset({"list", "retrieve"})
WORK: Actions = READ | {"create", "update"}
EVERYTHING: Actions = WORK | {"delete"}

REST = "everything else"
PERMISSIONS: Mapping[str, Mapping[str, Actions]] = {
    ApiClient.Kind.INTEGRATION: {REST: EVERYTHING},
    ApiClient.Kind.WEBAPP: {
        "webhooks": NOTHING,
        "event_callbacks": NOTHING,
        "applications": READ,
        "organizations": READ,
        REST: EVERYTHING,
    },
    # Of its market, and of the orders it made: see orders.api.narrowing.
    ApiClient.Kind.SALES_CHANNEL: {
        "markets": READ,
        "skus": READ,
        "sku_options": READ,
        "prices": READ,
        "shipping_methods": READ,
        "payment_methods": READ,
        "orders": WORK,
        "line_items": EVERYTHING,
        "line_item_options": EVERYTHING,
        "addresses": EVERYTHING,
        "shipments": READ | {"update"},
        "external_payments": EVERYTHING,
        "wire_transfers": EVERYTHING,
        REST: NOTHING,
    },
}

# A sales channel's token is in the hands of its shoppers. So it writes no price and no discount,
# says nothing of money that was paid or of what the warehouse did, and touches nobody's wallet.
# Relationships and triggers count as names.
OWN_MARKS: Names = frozenset({"reference", "reference_origin", "metadata"})
WRITABLE_BY_SALES_CHANNELS: Mapping[str, Names] = {
    "orders": OWN_MARKS
    | {"guest", "customer_email", "language_code", "shipping_country_code_lock", "coupon_code"}
    | {"cart_url", "return_url", "terms_url", "privacy_url"}
    | {"market", "billing_address", "shipping_address", "payment_method", "payment_source"}
    | {"_billing_address_clone_id", "_shipping_address_clone_id", "_nullify_payment_source"}
    | {"_shipping_address_same_as_billing", "_billing_address_same_as_shipping"}
    | {"_refresh", "_validate", "_place"},
    "line_items": OWN_MARKS
    | {"order", "item", "item_type", "sku_code", "quantity", "_update_quantity"}
    | {"name", "image_url"},
    "line_item_options": OWN_MARKS | {"line_item", "sku_option", "name", "quantity", "options"},
    "addresses": OWN_MARKS
    | {"business", "first_name", "last_name", "company", "line_1", "line_2", "city", "zip_code"}
    | {"state_code", "country_code", "phone", "email", "notes", "lat", "lng", "billing_info"},
    "shipments": OWN_MARKS | {"shipping_method"},
    "external_payments": OWN_MARKS | {"order", "payment_source_token", "options"},
    "wire_transfers": OWN_MARKS | {"order"},
}


def may(kind: str, action: str, resource: str) -> bool:
    """Whether a kind may do this to such resources at all; to which of them is another matter."""
    table = PERMISSIONS[kind]
    return action in table.get(resource, table[REST])


def kinds_that_may(action: str, resource: str) -> list[str]:
    return [str(kind) for kind in PERMISSIONS if may(kind, action, resource)]


def may_write(kind: str, resource: str, name: str) -> bool:
    """Whether a kind may send this attribute, relationship or trigger."""
    if kind != ApiClient.Kind.SALES_CHANNEL:
        return True
    return name in WRITABLE_BY_SALES_CHANNELS.get(resource, frozenset())
