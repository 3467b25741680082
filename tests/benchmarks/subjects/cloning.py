"""django-clone, the library that a Django developer finds first, set up as its manual says."""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from model_clone import CloneMixin

from orders.models import (
    Address,
    LineItem,
    LineItemOption,
    Order,
    OrderStatus,
    PaymentSource,
    Shipment,
)
from tests.benchmarks.subjects.carrying import carries_tags

# Beside the row itself: what hangs on it, what it points at, and the tags that it shares.
HANGING = {
    Order: ["line_items", "shipments", "billing_address", "shipping_address"],
    LineItem: ["line_item_options"],
}


class DjangoClone:
    """One order after another, as the library has no way to do many."""

    name = "django_clone"

    def __init__(self) -> None:
        for model in (Order, Address, PaymentSource, Shipment, LineItem, LineItemOption):
            make_cloneable(model)

    def prepare(self, source_ids: Sequence[str]) -> None:
        """Nobody has to ask for anything first."""

    def copy(self, source_ids: Sequence[str]) -> None:
        for source_id in source_ids:
            with transaction.atomic():
                clone(Order.objects.get(pk=source_id))


def clone(source: Any) -> None:
    status = OrderStatus.PENDING if source.customer_id else OrderStatus.DRAFT
    new = source.make_clone(
        attrs={"copied_from": source, "status": status, "coupon_code": source.coupon_code}
    )
    wallet_source = source.payment_source
    if wallet_source is not None and wallet_source.wallet_id is not None:
        new.payment_source = wallet_source.make_clone(attrs={"order": new})
        new.save(update_fields=["payment_source"])


def make_cloneable(model: type[models.Model]) -> None:
    """Give a model the library's mixin, in this process: the shop itself knows nothing of it."""
    if issubclass(model, CloneMixin):
        return
    model.__bases__ = (CloneMixin, *model.__bases__)
    carry = model.copy_plan.carry  # type: ignore[attr-defined]
    model._clone_fields = sorted(carry | {"sku"})  # type: ignore[attr-defined]
    model._clone_m2o_or_o2m_fields = HANGING.get(model, [])  # type: ignore[attr-defined]
    if carries_tags(model):
        model._clone_linked_m2m_fields = ["tags"]  # type: ignore[attr-defined]
