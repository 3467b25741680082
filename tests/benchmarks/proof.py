"""Before anything is measured: every subject makes the same rows, or the comparison means nothing.

The order that they copy has everything an order can have. What a copy carries is read from the
models' copy plans, so that a new column which the hand-written SQL forgets is noticed here.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from ordercopy.models import CopyAttempt, OrderCopy
from orders.models import (
    CustomerPaymentSource,
    Event,
    EventStore,
    LineItem,
    LineItemOption,
    Order,
    PaymentSource,
    PaymentSourceType,
    Shipment,
    Tag,
)
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.removal import remove_copies
from tests.benchmarks.subjects import Subject
from tests.benchmarks.subjects.carrying import carried_columns, carries_tags

Picture = dict[str, Any]


class SubjectsDiffer(Exception):
    """Some subject made other rows than the source has, or said other things about them."""


def prove_that_all_copy_alike(
    subjects: Sequence[Subject], *, source_id: str, database: BenchDatabase
) -> None:
    """Let every subject copy the order, and compare; raises ``SubjectsDiffer``."""
    give_everything(Order.objects.get(pk=source_id))
    source = picture_of(Order.objects.get(pk=source_id))
    said: dict[str, Picture] = {}
    for subject in subjects:
        subject.prepare([source_id])
        subject.copy([source_id])
        target = Order.objects.get(copied_from=source_id)
        differing = [part for part, rows in picture_of(target).items() if rows != source[part]]
        if differing:
            raise SubjectsDiffer(f"{subject.name} differs from the source in {differing}")
        if OrderCopy.objects.exists():
            said[subject.name] = what_was_said(target)
        remove_copies(database)
    if said["floor"] != said["engine"]:
        raise SubjectsDiffer(f"the floor says {said['floor']}, the engine {said['engine']}")


def give_everything(order: Order) -> None:
    """Hang tags on all parts of the order, and pay it with a source from the customer's wallet."""
    tag = Tag.objects.create(mode=order.mode, name="bench")
    for part in (order, order.billing_address, order.shipping_address):
        part.tags.add(tag)
    for line in order.line_items.all():
        line.tags.add(tag)
        for option in line.line_item_options.all():
            option.tags.add(tag)
    order.payment_source = PaymentSource.objects.create(
        mode=order.mode,
        type=PaymentSourceType.EXTERNAL,
        order=order,
        payment_source_token="token",
        wallet=CustomerPaymentSource.objects.create(mode=order.mode, customer_id=order.customer_id),
        from_wallet=True,
    )
    order.save(update_fields=["payment_source"])


def picture_of(order: Order) -> Picture:
    """All that a copy has to have in common with its source, without ids."""
    lines = LineItem.objects.filter(order=order)
    return {
        "order": rows_of([order]),
        "billing address": rows_of([order.billing_address]),
        "shipping address": rows_of([order.shipping_address]),
        "payment source": rows_of([order.payment_source]),
        "what it is the source of": order.payment_source.order_id == order.pk,
        "number of addresses": len({order.billing_address_id, order.shipping_address_id}),
        "shipments": rows_of(Shipment.objects.filter(order=order)),
        "lines": rows_of(lines, also="sku_id"),
        "options": {
            line.position: rows_of(LineItemOption.objects.filter(line_item=line)) for line in lines
        },
    }


def rows_of(instances: Iterable[models.Model], *, also: str = "pk_of_nothing") -> list[str]:
    rows = []
    for instance in instances:
        row = {name: getattr(instance, name) for name in carried_columns(type(instance))}
        row[also] = getattr(instance, also, None)
        if carries_tags(type(instance)):
            row["tags"] = sorted(tag.pk for tag in instance.tags.all())  # type: ignore[attr-defined]
        rows.append(repr(sorted(row.items())))
    return sorted(rows)


def what_was_said(target: Order) -> Picture:
    """Statuses, attempt, events and audit entries, with words in the place of the ids."""
    copy = OrderCopy.objects.get(target_order=target)
    names = {target.pk: "target", target.copied_from_id: "source", copy.pk: "copy"}
    attempt = CopyAttempt.objects.get(factory=copy)
    return {
        "order": (target.status, target.payment_status, target.fulfillment_status),
        "copy": (copy.status, copy.takeups, copy.attempt, copy.errors_count),
        "attempt": (attempt.number, attempt.takeups, attempt.status, attempt.errors_count),
        "held": (copy.claimed_pid, copy.claimed_at),
        "events": sorted((event.name, names[event.resource_id]) for event in Event.objects.all()),
        "audit": sorted(
            (names[entry.resource_id], entry.event, with_names(entry.payload, names))
            for entry in EventStore.objects.all()
        ),
    }


def with_names(payload: Any, names: dict[str, str]) -> str:
    text = repr(sorted(payload.items()))
    for key, name in names.items():
        text = text.replace(key, name)
    return text
