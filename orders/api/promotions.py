"""Both kinds of promotions, which share a table; what they do to orders: ``orders.promotions``."""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now
from django.db.models.lookups import Exact

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.filters.predicates import PREDICATES
from config.jsonapi.relations import Relation, about, through, to_many, to_one
from config.jsonapi.resource import Change, Computed, Scope, Trigger
from orders.api.amounts import amount
from orders.api.resource import (
    ShopResource,
    add_tags,
    left_out,
    refuse,
    remove_tags,
    switches,
)
from orders.models import Coupon, Promotion
from orders.promotions import STATUS, promotion_deletion_obstacles, settle_currency

PERCENTAGE = Promotion.Type.PERCENTAGE.value
FIXED_AMOUNT = Promotion.Type.FIXED_AMOUNT.value
STATUSES = ("disabled", "expired", "pending", "active", "inactive")
NO_RULES = "a promotion has its market, currency, SKUs and coupons itself, without rules"
NO_SKU_LISTS = "lists of SKUs are outside of this product"
USED_UP = Case(
    When(total_usage_limit__lte=F("total_usage_count"), then=Value(value=True)),
    default=Value(value=False),
    output_field=BooleanField(),
)
COUPONS = Coalesce(
    Subquery(
        Coupon.objects.filter(promotion=OuterRef("pk"))
        .order_by()
        .values("promotion")
        .annotate(n=Count("pk"))
        .values("n")
    ),
    0,
)


def is_active(value: Any) -> Q:
    active = Q(Exact(STATUS, Value("active")))
    return active if value else ~active


def is_expired(value: Any) -> Q:
    expired = Q(expires_at__lte=Now())
    return expired if value else ~expired


def has_status(value: Any) -> Q:
    return Q(Exact(STATUS, Value(value)))


def lists_sku(predicate: str) -> Scope:
    """Promotions of some SKUs, by the codes of these."""
    asked = PREDICATES[predicate]

    def condition(value: Any) -> Q:
        listed = Promotion.skus.through.objects.filter(promotion=OuterRef("pk"))
        return Q(Exists(listed.filter(asked.condition("sku__code", value, "string"))))

    return Scope("string", condition, many=asked.many)


class Promotions(ShopResource):
    """What both kinds have in common."""

    model = Promotion
    computed = {
        "total_usage_reached": Computed(
            lambda row: row.used_up, annotations={"used_up": USED_UP}, column=USED_UP
        ),
        "status": Computed(lambda row: row.status, annotations={"status": STATUS}),
        "active": Computed(lambda row: row.status == "active", annotations={"status": STATUS}),
        "coupons_count": Computed(
            lambda row: row.coupons_count, annotations={"coupons_count": COUPONS}
        ),
    }
    scopes = {
        "active": Scope("boolean", is_active),
        "expired": Scope("boolean", is_expired),
        "with_status": Scope("string", has_status, enum=STATUSES),
        **{
            f"sku_code_{predicate}": lists_sku(predicate)
            for predicate in ("eq", "matches", "start", "end", "in")
        },
    }
    left_out = left_out(
        "attachments",
        "versions",
        weight="priority and exclusive say which promotion comes first",
        promotion_rules=NO_RULES,
        order_amount_promotion_rule=NO_RULES,
        sku_list_promotion_rule=NO_RULES,
        coupon_codes_promotion_rule=NO_RULES,
        custom_promotion_rule=NO_RULES,
        sku_list=NO_SKU_LISTS,
    )
    promises = {"a_promotion_ends_after_it_starts": ("expires_at", "must be after starts_at")}

    def assign(self, row: Any, change: Change) -> dict[str, Any]:
        given = super().assign(row, change)
        if row._state.adding or {"currency_code", "market"} & given.keys():
            said = row.currency_code
            refuse(settle_currency(row), self)
            if row.currency_code != said:
                given["currency_code"] = row.currency_code
        return given

    def delete(self, row: Any, caller: Caller) -> None:
        refuse(promotion_deletion_obstacles(row), self)
        super().delete(row, caller)


def relations_of(resource_type: str) -> dict[str, Relation]:
    return {
        "market": to_one("market"),
        "coupons": to_many("promotion"),
        "skus": through(Promotion, "skus"),
        "events": about(resource_type),
        "tags": through(Promotion, "tags"),
        "event_stores": about(resource_type),
    }


def triggers_of(resource_type: str) -> dict[str, Trigger]:
    return {**switches(resource_type), "_add_tags": add_tags, "_remove_tags": remove_tags}


@registry.register
class PercentageDiscountPromotions(Promotions):
    """So many per cent off the SKU lines of an order."""

    type = PERCENTAGE
    where = {"type": PERCENTAGE}
    relations = relations_of(PERCENTAGE)
    triggers = triggers_of(PERCENTAGE)


@registry.register
class FixedAmountPromotions(Promotions):
    """So many cents off an order, in one currency: its own, or else that of its market."""

    type = FIXED_AMOUNT
    where = {"type": FIXED_AMOUNT}
    computed = {**Promotions.computed, **amount("fixed_amount")}
    relations = relations_of(FIXED_AMOUNT)
    triggers = triggers_of(FIXED_AMOUNT)
