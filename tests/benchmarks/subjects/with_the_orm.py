"""What a good Django developer would write: few queries, whatever the number of orders and lines.

Everything is read with its relations prefetched, new instances are made in Python, and each table
gets one ``bulk_create``. The copy plans say which columns are carried, so that it makes the same
rows as everybody else.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction

from orders.models import (
    Address,
    LineItem,
    LineItemOption,
    Order,
    OrderStatus,
    PaymentSource,
    Shipment,
)
from tests.benchmarks.subjects.carrying import carried_columns, carries_tags

# All thousand at once take a tenth longer.
BATCH_SIZE = 100
COPIED = (Address, Order, PaymentSource, Shipment, LineItem, LineItemOption)


class BulkCreate:
    name = "bulk_create"

    def prepare(self, source_ids: Sequence[str]) -> None:
        """Nobody has to ask for anything first."""

    def copy(self, source_ids: Sequence[str]) -> None:
        for start in range(0, len(source_ids), BATCH_SIZE):
            copy_together(source_ids[start : start + BATCH_SIZE])


@transaction.atomic
def copy_together(source_ids: Sequence[str]) -> None:
    copies = [CopyInPython(source) for source in with_everything(source_ids)]
    for model in COPIED:
        model._base_manager.bulk_create(row for copy in copies for row in copy.rows[model])
    link_tags([pair for copy in copies for pair in copy.tagged])


def with_everything(source_ids: Sequence[str]) -> list[Order]:
    return list(
        Order.objects.filter(pk__in=source_ids)
        .select_related("billing_address", "shipping_address", "payment_source")
        .prefetch_related(
            "tags",
            "billing_address__tags",
            "shipping_address__tags",
            "shipments",
            "line_items__tags",
            "line_items__line_item_options__tags",
        )
    )


class CopyInPython:
    """The new rows of one order, made but not written yet; ``tagged`` are pairs (source, new)."""

    def __init__(self, source: Order) -> None:
        self.rows: dict[type[models.Model], list[Any]] = {model: [] for model in COPIED}
        self.tagged: list[tuple[models.Model, models.Model]] = []
        self._copy_order(source)

    def _copy_order(self, source: Order) -> None:
        billing = self._copy(source.billing_address) if source.billing_address else None
        shipping = billing
        if source.shipping_address_id != source.billing_address_id:
            shipping = self._copy(source.shipping_address) if source.shipping_address else None
        order = self._copy(
            source,
            copied_from=source,
            status=OrderStatus.PENDING if source.customer_id else OrderStatus.DRAFT,
            coupon_code=source.coupon_code,
            billing_address=billing,
            shipping_address=shipping,
        )
        if source.payment_source is not None and source.payment_source.wallet_id is not None:
            order.payment_source = self._copy(source.payment_source, order=order)
        for shipment in source.shipments.all():
            if shipment.status != Shipment.Status.CANCELLED:
                self._copy(shipment, order=order)
        for line in source.line_items.all():
            new_line = self._copy(line, order=order, sku_id=line.sku_id)
            for option in line.line_item_options.all():
                self._copy(option, line_item=new_line)

    def _copy(self, source: Any, **given: Any) -> Any:
        new = type(source)(
            **{name: getattr(source, name) for name in carried_columns(type(source))}, **given
        )
        self.rows[type(source)].append(new)
        if carries_tags(type(source)):
            self.tagged.append((source, new))
        return new


def link_tags(tagged: Iterable[tuple[Any, Any]]) -> None:
    """Give the new rows the tags of their sources, in one statement for each kind of row."""
    links: dict[Any, list[Any]] = {}
    for source, new in tagged:
        relation = source._meta.get_field("tags")
        through = relation.remote_field.through
        for tag in source.tags.all():
            link = through(**{relation.m2m_column_name(): new.pk, "tag_id": tag.pk})
            links.setdefault(through, []).append(link)
    for through, rows in links.items():
        through.objects.bulk_create(rows)
