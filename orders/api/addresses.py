from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.relations import about, through
from config.jsonapi.resource import Change, Computed
from orders.addresses import hold_readers, keep_as_placed
from orders.api.permissions import OWN_MARKS
from orders.api.resource import ShopResource, add_tags, left_out, refuse, remove_tags
from orders.country_locks import locked_out
from orders.models import Address
from orders.models.api_client import ApiClient
from orders.obstacles import Obstacle
from orders.open_orders import OPEN

GEOCODERS = "geocoders are outside of this product"


@registry.register
class Addresses(ShopResource):
    """Postal addresses, of orders and of address books.

    An order that is given one by a relationship shares it with whoever has it too, until the order
    is placed: what changes in it later, the order does not see. `_billing_address_clone_id` and
    `_shipping_address_clone_id` of orders give them one of their own from the beginning.
    """

    type = "addresses"
    model = Address
    computed = {
        "full_name": Computed(lambda address: address.full_name),
        "full_address": Computed(lambda address: address.full_address),
        "name": Computed(lambda address: address.name),
    }
    relations = {
        "events": about("addresses"),
        "tags": through(Address, "tags"),
        "event_stores": about("addresses"),
    }
    left_out = left_out(
        "versions",
        **dict.fromkeys(
            ("is_localized", "is_geocoded", "provider_name", "map_url", "static_map_url"),
            GEOCODERS,
        ),
        geocoder=GEOCODERS,
    )
    triggers = {"_add_tags": add_tags, "_remove_tags": remove_tags}

    def lock(self, rows: QuerySet[Any], pk: str) -> Any:
        """Its orders first, as everywhere, so that nobody waits in a circle."""
        hold_readers(pk)
        return super().lock(rows, pk)

    def update(self, row: Address, change: Change) -> None:
        sent = change.attributes.keys() & Address.copy_plan.carry
        if sent:
            keep_as_placed(row.pk, who=change.caller.who)
            if sent - OWN_MARKS:
                refuse(_obstacles(row, change.caller), self)
        super().update(row, change)
        if "country_code" in sent:
            refuse(_locked_out(row), self)


def _locked_out(address: Address) -> list[Obstacle]:
    """Open orders that were to be shipped to the country where this address was until now."""
    orders = [
        order.pk
        for order in hold_readers(address.pk)
        if order.status in OPEN and order.shipping_address_id == address.pk
    ]
    return [replace(obstacle, key="country_code") for obstacle in locked_out(orders)]


def _obstacles(address: Address, caller: Caller) -> list[Obstacle]:
    """Where a placed order goes is for its merchant to put right, not for shoppers to say."""
    if caller.kind != ApiClient.Kind.SALES_CHANNEL:
        return []
    agreed = {order.status for order in hold_readers(address.pk)} - OPEN
    message = "belongs to an order that is {}"
    return [Obstacle("not_open", "base", message.format(status)) for status in sorted(agreed)]
