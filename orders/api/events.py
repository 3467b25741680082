from config.jsonapi import registry
from config.jsonapi.relations import about
from orders.api.resource import ShopResource
from orders.models import Event


@registry.register
class Events(ShopResource):
    """What happened, for the outside; only the merchant's own references may be changed."""

    type = "events"
    model = Event
    relations = {"event_stores": about("events")}
    left_out = dict.fromkeys(
        ("_trigger", "webhooks", "last_event_callbacks"),
        "comes with webhooks: there is nobody to be told yet",
    )
