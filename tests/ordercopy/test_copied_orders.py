"""A copy equals its source in everything that is carried, and in nothing that must be new."""

from typing import Any

import pytest
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ordercopy.engine.building import COPIED_MODELS
from ordercopy.engine.compiling import copy_plan_of
from ordercopy.models import FactoryStatus
from orders.models import (
    Address,
    Event,
    EventStore,
    LineItem,
    LineItemOption,
    Order,
    PaymentSource,
    Shipment,
    Tag,
)
from tests.copying import copied, target_of
from tests.factories import Line, Shop, add_adjustment, add_shipment, order_with, shop, totalled

pytestmark = pytest.mark.django_db

# Texts that a database accepts: anything but NUL and lone surrogates.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
metadata = st.dictionaries(texts, json_values, max_size=4)

lines = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.integers(1, 1000),
            "price": st.integers(0, 10**9),
            "options": st.lists(st.integers(0, 10**6), max_size=3),
            "discounted": st.booleans(),
            "metadata": metadata,
            "name": texts,
        }
    ),
    min_size=1,
    max_size=12,
)


def carried(row: models.Model) -> dict[str, Any]:
    """What the plan says that a copy must have in common with its source."""
    names = copy_plan_of(type(row)).carry
    relations = {field.name for field in row._meta.local_many_to_many}
    values = {name: getattr(row, row._meta.get_field(name).attname) for name in names - relations}
    for name in names & relations:
        values[name] = sorted(getattr(row, name).values_list("pk", flat=True))
    return values


def assert_equal_in_what_is_carried(source: models.Model, target: models.Model) -> None:
    assert carried(target) == carried(source)
    assert target.pk != source.pk


def children(order: Order) -> dict[str, list[models.Model]]:
    return {
        "lines": list(LineItem.objects.filter(order=order).order_by("position", "pk")),
        "options": list(
            LineItemOption.objects.filter(line_item__order=order).order_by(
                "line_item__position", "unit_amount_cents", "name"
            )
        ),
        "shipments": list(Shipment.objects.filter(order=order).order_by("cost_amount_cents")),
    }


def assert_is_a_copy(source: Order, target: Order) -> None:
    assert_equal_in_what_is_carried(source, target)
    originals, copies = children(source), children(target)
    for kind, rows in originals.items():
        assert len(copies[kind]) == len(rows)
        for original, copy in zip(rows, copies[kind], strict=True):
            assert_equal_in_what_is_carried(original, copy)
    for kind in ("billing_address", "shipping_address"):
        original, copy = getattr(source, kind), getattr(target, kind)
        assert (original is None) == (copy is None)
        if original:
            assert_equal_in_what_is_carried(original, copy)


class AnyOrder(TestCase):
    @settings(deadline=None)
    @given(
        lines=lines,
        metadata=metadata,
        currency=st.sampled_from(["EUR", "USD", "JPY", "KWD"]),
        shipping=st.none() | st.integers(0, 10**6),
        adjustment=st.none() | st.integers(0, 10**6),
        email=st.sampled_from(["ada@example.com", "björk@exämple.is"]),
        one_address=st.booleans(),
    )
    def test_equals_its_source_in_all_that_is_carried(
        self,
        lines: list[dict[str, Any]],
        metadata: dict[str, Any],
        currency: str,
        shipping: int | None,
        adjustment: int | None,
        email: str,
        one_address: bool,
    ) -> None:
        here = shop(currency=currency)
        sku = here.sku(stock=10**6)
        source = order_with(
            here,
            *(
                Line(sku, line["quantity"], line["price"], options=line["options"])
                for line in lines
            ),
            metadata=metadata,
            shipping_cost=shipping,
            customer_email=email,
        )
        if one_address:
            source.shipping_address = source.billing_address
            source.save()
        if adjustment is not None:
            add_adjustment(source, adjustment)
        for item, line in zip(source.line_items.order_by("position"), lines, strict=False):
            item.metadata, item.name = line["metadata"], line["name"]
            item.discount_cents = -(line["price"] // 3) if line["discounted"] else 0
            item.save()
        source = totalled(source)

        copy = copied(source)

        assert copy.status == FactoryStatus.COMPLETED
        assert_is_a_copy(source, target_of(copy))


def rich_order(here: Shop) -> Order:
    """An order with everything that an order can have."""
    source = order_with(
        here,
        Line(here.sku(price=1000), 2, options=[100, 250]),
        Line(here.sku(price=500, do_not_ship=True), 1, discount=-50),
        shipping_cost=500,
        reference="ERP-1",
        reference_origin="erp",
        affiliate_code="partner",
        language_code="it",
        guest=True,
        cart_url="https://shop.example/cart",
    )
    for row in [source, *source.line_items.all(), source.billing_address]:
        row.tags.add(Tag.objects.create(mode="test", name=f"tag {row.pk}"[:25]))
    return totalled(source)


def test_every_row_of_a_rich_order_is_copied_with_its_tags() -> None:
    source = rich_order(shop())

    target = target_of(copied(source))

    assert_is_a_copy(source, target)
    assert target.tags.count() == 1
    assert target.line_items.first().tags.count() == 1


def test_what_must_be_new_is_new() -> None:
    source = rich_order(shop())

    target = target_of(copied(source))

    assert (target.status, target.payment_status) == ("pending", "unpaid")
    assert target.fulfillment_status == "unfulfilled"
    assert target.number != source.number
    assert target.token != source.token
    assert len(target.token) == 32
    assert target.reference is target.reference_origin is target.affiliate_code is None
    assert target.placed_at is target.payment_source is None
    assert target.created_at > source.created_at
    assert target.copied_from == source


@pytest.mark.parametrize("model", COPIED_MODELS)
def test_every_column_is_decided_upon(model: type[models.Model]) -> None:
    plan = copy_plan_of(model)
    columns = {
        f.name for f in model._meta.local_concrete_fields if not (f.primary_key or f.generated)
    }
    links = {f.name for f in model._meta.local_many_to_many}
    assert plan.decided() == columns | links


def test_one_address_for_billing_and_shipping_stays_one() -> None:
    here = shop()
    address = here.address()
    source = order_with(here, Line(here.sku()), billing_address=address, shipping_address=address)

    target = target_of(copied(source))

    assert target.billing_address_id == target.shipping_address_id != address.pk
    assert Address.objects.count() == 2


@pytest.mark.parametrize("missing", ["billing_address", "shipping_address"])
def test_an_order_with_one_address_only_is_copied_as_it_is(missing: str) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), **{missing: None})

    assert_is_a_copy(source, target_of(copied(source)))


def test_an_order_without_a_customer_is_copied_as_a_draft() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), customer=None)

    assert target_of(copied(source)).status == "draft"


def test_a_copy_of_a_copy_can_be_walked_back_to_the_first_source() -> None:
    source = order_with(here := shop(), Line(here.sku()))
    child = target_of(copied(source))
    grandchild = target_of(copied(child))

    assert grandchild.copied_from is not None
    assert grandchild.copied_from.copied_from == source
    assert list(source.copied_to.all()) == [child]


def test_a_source_in_any_status_can_be_copied() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    source.status, source.cancelled_at = "cancelled", source.created_at
    source.save()

    assert target_of(copied(source)).status == "pending"


def test_a_line_whose_sku_was_deleted_and_made_again_finds_it_by_its_code() -> None:
    here = shop()
    old = here.sku("TEA")
    source = order_with(here, Line(old))
    old.delete()
    new = here.sku("TEA")

    line = target_of(copied(source)).line_items.get()

    assert line.sku == new


def test_cancelled_shipments_stay_with_the_source() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), shipping_cost=500)
    parcel = add_shipment(source, here.courier, cost=900)
    parcel.status = "cancelled"
    parcel.save()

    target = target_of(copied(totalled(source)))

    assert [shipment.cost_amount_cents for shipment in target.shipments.all()] == [500]
    assert target.shipments.get().status == "draft"


def test_nothing_of_a_copy_changed_before_it_was_there() -> None:
    here = shop()
    here.promotion(percentage=10)
    source = order_with(here, Line(here.sku(), options=(100,)), shipping_cost=500)

    target = target_of(copied(source, place_target_order=True, apply_promotions=True))

    lines = target.line_items.all()
    for row in (target, *lines, *target.shipments.all(), target.billing_address):
        assert row.created_at <= row.updated_at, row
    assert target.placed_at is not None
    assert target.created_at <= target.placed_at


def test_events_and_audit_tell_of_a_copy_once() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), Line(here.sku()))
    copy = copied(source)

    events = Event.objects.filter(resource_id=copy.pk).order_by("created_at", "pk")
    assert {event.name for event in events} == {
        "order_copies.create",
        "order_copies.start",
        "order_copies.complete",
    }
    about_the_target = Event.objects.filter(resource_id=copy.target_order_id)
    assert {event.name for event in about_the_target} == {"orders.create", "orders.pending"}
    entry = EventStore.objects.get(resource_id=copy.target_order_id)
    assert entry.event == "create"
    assert entry.payload["copied_from"] == {"from": None, "to": source.pk}
    assert entry.who == {"worker": "tester"}
    assert EventStore.objects.filter(resource_type="line_items").count() == 0


def test_a_copy_in_one_mode_leaves_the_other_mode_alone() -> None:
    order_with(live := shop("live"), Line(live.sku()))
    copied(order_with(here := shop("test"), Line(here.sku())))

    assert Order.objects.filter(mode="live").count() == 1
    assert PaymentSource.objects.filter(mode="live").count() == 0
