from config.jsonapi import registry
from config.jsonapi.relations import about
from orders.api.resource import ShopResource
from orders.models import Tag


@registry.register
class Tags(ShopResource):
    """Labels; taking one away takes it off everything that has it."""

    type = "tags"
    model = Tag
    relations = {"event_stores": about("tags")}
    promises = {"one_tag_per_name": ("name", "has already been taken")}
