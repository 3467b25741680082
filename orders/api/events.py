from config.jsonapi import registry
from config.jsonapi.relations import about
from orders.api.resource import ShopResource, left_out
from orders.models import Event


@registry.register
class Events(ShopResource):
    """What happened, for the outside; only the merchant's own references may be changed."""

    type = "events"
    model = Event
    relations = {"event_stores": about("events")}
    left_out = left_out(_trigger="comes with webhooks: there is nobody to be told yet")
