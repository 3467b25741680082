"""What the scripts are told: who they are, what there is, and what the API says that it serves.

Whatever is registered is in here, so that a resource cannot be served without the SDK being tried
on it.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from config import urls  # noqa: F401  (declares all resources)
from config.jsonapi import registry
from config.jsonapi.contract_files import resources_in_contract
from config.jsonapi.resource import Resource
from orders.oauth import tokens
from tests.factories import Line, Shop, order_with, shop
from tests.orders.api.credentials import Credentials, credentials
from tests.worlds import world

Facts = dict[str, Any]


def facts_for_scripts() -> Facts:
    """Build a shop in each mode, and answer all that scripts need to know."""
    here, live = shop("test"), shop("live")
    integration = credentials()
    return {
        "resources": [_resource(each) for each in registry.registered()],
        "ids": world("test"),
        "live_ids": world("live"),
        "market": here.market.pk,
        "orders": _orders(here),
        "client": integration.parameters,
        "tokens": {
            "integration": integration.token(),
            "live": credentials(mode="live").token(),
            "webapp": credentials("webapp").token(),
            "sales_channel": credentials("sales_channel", market=here.market).token(),
            "expired": _expired_token(integration),
        },
        "live_market": live.market.pk,
    }


def _resource(resource: Resource) -> Facts:
    return {
        "type": resource.type,
        "actions": sorted(resource.actions),
        "in_contract": resource.type in resources_in_contract(),
        "singleton": resource.singleton,
        "cursor_paging": resource.cursor_paging,
        "attributes": {
            name: {"type": facts.type, "flags": sorted(facts.flags)}
            for name, facts in resource.attributes.items()
        },
        "relationships": {
            name: {
                "many": facts.many,
                "includable": facts.includable,
                "flags": sorted(facts.flags),
                "to": [target.type for target in registry.targets(resource, name)],
            }
            for name, facts in resource.relationships.items()
        },
        "triggers": sorted(resource.triggers),
        "left_out": dict(resource.left_out),
        "waiting": sorted(resource.relations.keys() - resource.relationships.keys()),
    }


def _orders(here: Shop) -> dict[str, str]:
    """Orders by what is to become of them."""
    mug = here.sku("MUG", price=1000, stock=1000)
    rare = here.sku("RARE", price=500, stock=1)
    return {
        name: order_with(here, *lines, shipping_cost=500).pk
        for name, lines in {
            "to_copy": [Line(mug, 2, options=[50])],
            "to_fulfill": [Line(mug)],
            "to_cancel": [Line(mug)],
            "to_refund": [Line(mug)],
            "to_replace": [Line(mug)],
            "to_archive": [Line(mug)],
            "short_of_stock": [Line(mug), Line(rare, 5)],
        }.items()
    }


def _expired_token(of: Credentials) -> str:
    return tokens.issue(of.client, scope="", at=timezone.now() - timedelta(hours=3))
