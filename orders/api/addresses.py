from config.jsonapi import registry
from config.jsonapi.relations import about, through
from config.jsonapi.resource import Computed
from orders.api.resource import ShopResource, add_tags, left_out, remove_tags
from orders.models import Address

GEOCODERS = "geocoders are outside of this product"


@registry.register
class Addresses(ShopResource):
    """Postal addresses, of orders and of address books."""

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
