from config.jsonapi import registry
from config.jsonapi.contract_files import contract_of
from config.jsonapi.relations import about
from orders.api.resource import ShopResource
from orders.models import Organization

OWN = {field.name for field in Organization._meta.concrete_fields}


@registry.register
class Organizations(ShopResource):
    """The merchant; there is one, and it belongs to no mode."""

    type = "organizations"
    model = Organization
    singleton = "organization"
    has_mode = False
    relations = {"event_stores": about("organizations")}
    left_out = {
        name: "a limit or a switch of the original service that this product does not have"
        for name in contract_of("organizations").attributes
        if name not in OWN
    }
