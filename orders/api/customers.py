from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Case, CharField, Count, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from config.jsonapi import registry
from config.jsonapi.relations import about, through, to_many
from config.jsonapi.resource import Change, Computed
from orders.api.resource import ShopResource, add_tags, left_out, remove_tags
from orders.models import Customer, Order, OrderStatus

BOUGHT = (OrderStatus.PLACED, OrderStatus.APPROVED)


def count_of_orders(*, bought: bool = False) -> Coalesce:
    """How many orders a customer has, or has bought."""
    orders = Order.objects.filter(customer=OuterRef("pk"))
    if bought:
        orders = orders.filter(status__in=BOUGHT)
    counted = orders.order_by().values("customer").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


STATUS = Case(
    When(Exact(count_of_orders(bought=True), 0), then=Value("prospect")),
    When(Exact(count_of_orders(bought=True), 1), then=Value("acquired")),
    default=Value("repeat"),
    output_field=CharField(),
)
NO_ANONYMIZING = "anonymizing customers is outside of this product"


@registry.register
class Customers(ShopResource):
    """Who buys; known by e-mail address, whatever its capitals."""

    type = "customers"
    model = Customer
    write_only = frozenset({"password"})
    computed = {
        "status": Computed(lambda row: row.status_, annotations={"status_": STATUS}, column=STATUS),
        "has_password": Computed(lambda row: row.password is not None),
        "total_orders_count": Computed(
            lambda row: row.orders_,
            annotations={"orders_": count_of_orders()},
            column=count_of_orders(),
        ),
    }
    relations = {
        "customer_addresses": to_many("customer"),
        "customer_payment_sources": to_many("customer"),
        "orders": to_many("customer"),
        "events": about("customers"),
        "tags": through(Customer, "tags"),
        "event_stores": about("customers"),
    }
    left_out = left_out(
        "attachments",
        "jwt_custom_claim",
        "jwt_customer",
        "jwt_markets",
        "jwt_stock_locations",
        customer_group="customer groups are outside of this product",
        customer_subscriptions="newsletters are outside of this product",
        order_subscriptions="comes with subscriptions",
        returns="returns are outside of this product",
        sku_lists="lists of SKUs are outside of this product",
        _request_anonymization=NO_ANONYMIZING,
        _cancel_anonymization=NO_ANONYMIZING,
        anonymization_info=NO_ANONYMIZING,
        anonymization_status=NO_ANONYMIZING,
    )
    triggers = {"_add_tags": add_tags, "_remove_tags": remove_tags}
    promises = {"one_customer_per_email": ("email", "has already been taken")}

    def assign(self, row: Any, change: Change) -> dict[str, Any]:
        """A password is stored as nobody can read it, and never told in the audit trail."""
        given = super().assign(row, change)
        if "password" in change.attributes:
            password = change.attributes["password"]
            row.password = None if password is None else make_password(password)
            given["password"] = "changed"  # noqa: S105
        return given
