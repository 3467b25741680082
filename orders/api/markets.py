from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from config.jsonapi import registry
from config.jsonapi.contract_files import AttributeFacts, RelationshipFacts
from config.jsonapi.errors import Invalid, Problem, invalid
from config.jsonapi.relations import Loaded, Through, about, through, to_one
from config.jsonapi.resource import Change
from orders.api.resource import ShopResource, left_out, switches
from orders.markets import foreign_defaults
from orders.models import Market, MarketStockLocation

CALLS_NOBODY = "belongs to requests to outside services, which this product does not make"


class InTurn(Through):
    """Stock locations in the order in which stock is taken from them."""

    def load(self, parents: Sequence[Model], rows: QuerySet[Any]) -> Loaded:
        places = MarketStockLocation.objects.filter(market__in=[parent.pk for parent in parents])
        turns = {
            (place.market_id, place.stock_location_id): (place.priority, place.stock_location_id)
            for place in places
        }
        return {
            market: sorted(found, key=lambda location: turns[market, location.pk])
            for market, found in super().load(parents, rows).items()
        }


@registry.register
class Markets(ShopResource):
    """Where the shop sells: at which prices, from which stock locations.

    ``stock_locations`` is ours: the first of the list is the first that stock is taken from.
    """

    type = "markets"
    model = Market
    ours = {
        "requires_shipping_method": AttributeFacts(
            "requires_shipping_method",
            "boolean",
            frozenset({"create", "update", "fetch", "filter", "sort"}),
        )
    }
    our_relationships = {
        "stock_locations": RelationshipFacts(
            "stock_locations",
            ("stock_locations",),
            frozenset({"create", "update", "filter"}),
            many=True,
        )
    }
    relations = {
        "price_list": to_one("price_list"),
        "base_price_list": to_one("price_list"),
        "stock_locations": InTurn(**vars(through(Market, "stock_locations"))),
        "default_shipping_method": to_one("default_shipping_method"),
        "default_payment_method": to_one("default_payment_method"),
        "event_stores": about("markets"),
    }
    left_out = left_out(
        "attachments",
        "versions",
        number="a market is known by its id, its name and its code",
        private="customer groups are outside of this product",
        customer_group="customer groups are outside of this product",
        external_prices_url=CALLS_NOBODY,
        external_order_validation_url=CALLS_NOBODY,
        external_includes=CALLS_NOBODY,
        shared_secret=CALLS_NOBODY,
        merchant="the organization is the only merchant",
        inventory_model="a market has its stock locations itself: see stock_locations",
        subscription_model="comes with subscriptions",
        discount_engine="discount engines are outside of this product",
        tax_calculator="tax calculators are outside of this product",
        geocoder="geocoders are outside of this product",
        stores="stores are outside of this product",
        price_list_schedulers="a market keeps its price list until somebody changes it",
    )
    triggers = switches("markets")
    promises = {
        "one_market_per_name": ("name", "has already been taken"),
        "one_market_per_code": ("code", "has already been taken"),
    }

    def assign(self, row: Any, change: Change) -> dict[str, Any]:
        if problems := list(_foreign_defaults(row, change)):
            raise Invalid(*problems)
        return super().assign(row, change)

    def assign_many(self, row: Any, change: Change) -> None:
        locations = change.references.get("stock_locations")
        if locations is None:
            return
        MarketStockLocation.objects.filter(market=row).delete()
        MarketStockLocation.objects.bulk_create(
            MarketStockLocation(market=row, stock_location=location, priority=priority)
            for priority, location in enumerate(dict.fromkeys(locations), start=1)
        )


def _foreign_defaults(market: Market, change: Change) -> Iterator[Problem]:
    """What is offered to another market only cannot be the default of this one."""
    for name in foreign_defaults(market.pk, change.references):
        message = "belongs to another market"
        yield invalid(name, message, error="invalid", where="relationships")
