from config.jsonapi import registry
from orders.api.resource import ShopResource, left_out
from orders.models import EventStore


@registry.register
class EventStores(ShopResource):
    """The audit trail; listed through the resource that it is about."""

    type = "event_stores"
    model = EventStore
    cursor_paging = True
    left_out = left_out(
        ip_address="the contract itself never shows it",
        user_agent="the contract itself never shows it",
        uuid="the contract itself never shows it",
    )
