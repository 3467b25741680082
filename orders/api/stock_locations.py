from functools import cached_property

from config.jsonapi import registry
from config.jsonapi.contract_files import Contract, parse_contract
from config.jsonapi.relations import about, to_many
from orders.api.resource import ShopResource
from orders.models import StockLocation

WRITTEN = ["create", "update", "fetch", "filter", "sort"]
TEXT = {"type": "string", "flags": [*WRITTEN, "nullable"]}
TIME = {"type": "datetime", "flags": ["fetch", "filter", "sort"]}
CONTRACT = parse_contract(
    {
        "resource": "stock_locations",
        "actions": ["list", "retrieve", "create", "update", "delete"],
        "attributes": {
            "name": {"type": "string", "flags": [*WRITTEN, "required"]},
            "code": TEXT,
            "id": {"type": "string", "flags": ["fetch", "filter", "sort"]},
            "created_at": TIME,
            "updated_at": TIME,
            "reference": TEXT,
            "reference_origin": TEXT,
            "metadata": {
                "type": "object",
                "flags": ["create", "update", "fetch", "filter", "nullable"],
            },
        },
        "relationships": {
            "stock_items": {"to": ["stock_items"], "many": True, "flags": ["filter"]},
            "event_stores": {
                "to": ["event_stores"],
                "many": True,
                "includable": False,
                "flags": [],
            },
        },
    }
)


@registry.register
class StockLocations(ShopResource):
    """Where stock lies. The contract has no file for it: this is as much of it as we keep."""

    type = "stock_locations"
    model = StockLocation
    relations = {
        "stock_items": to_many("stock_location"),
        "event_stores": about("stock_locations"),
    }
    promises = {
        "one_stock_location_per_name": ("name", "has already been taken"),
        "one_stock_location_per_code": ("code", "has already been taken"),
    }

    @cached_property
    def contract(self) -> Contract:
        return CONTRACT
