from typing import Any

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.contract_files import RelationshipFacts
from config.jsonapi.relations import about, through, to_one
from orders.api.resource import ShopResource, add_tags, left_out, refuse, remove_tags
from orders.coupons import coupon_deletion_obstacles
from orders.models import Coupon, Promotion


@registry.register
class Coupons(ShopResource):
    """Codes that unlock a promotion; capitals and small letters make different codes.

    ``promotion`` is ours: in the original, rules stand between coupons and promotions.
    """

    type = "coupons"
    model = Coupon
    our_relationships = {
        "promotion": RelationshipFacts(
            "promotion",
            tuple(Promotion.Type.values),
            frozenset({"create", "update", "filter", "sort", "required"}),
        )
    }
    relations = {
        "promotion": to_one("promotion"),
        "events": about("coupons"),
        "tags": through(Coupon, "tags"),
        "event_stores": about("coupons"),
    }
    left_out = left_out(
        "versions",
        promotion_rule="a coupon belongs to its promotion itself: see promotion",
        coupon_recipient="the recipient is known by e-mail address: see recipient_email",
    )
    triggers = {"_add_tags": add_tags, "_remove_tags": remove_tags}
    promises = {
        "one_coupon_per_code": ("code", "has already been taken"),
        "a_coupon_is_not_used_too_often": ("usage_limit", "is less than what was used already"),
    }

    def delete(self, row: Any, caller: Caller) -> None:
        refuse(coupon_deletion_obstacles(Coupon.objects.filter(pk=row.pk)), self)
        super().delete(row, caller)
