"""A preview says what the copy would do, because it is the copy; and it changes nothing."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TransactionTestCase

from ordercopy.copies import errors_log
from ordercopy.models import OrderCopy
from ordercopy.options import CopyOptions
from ordercopy.previewing import Busy, preview
from orders.models import Order
from tests.copying import copied
from tests.factories import Line, order_with, shop
from tests.races import second_connection


def what_comes_out(copy: OrderCopy) -> dict[str, Any]:
    """What a preview and the real copy must agree on; ids and numbers are never the same."""
    copy.refresh_from_db()
    target = copy.target_order
    return {
        "status": copy.status,
        "errors": errors_log(copy),
        "target": target and (target.status, target.total_amount_cents, target.coupon_code),
        "lines": target
        and [
            (line.sku_code, line.quantity, line.total_amount_cents, line.discount_cents)
            for line in target.line_items.order_by("position")
        ],
    }


def row_counts() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for label in ("orders", "ordercopy", "procrastinate")
        for model in apps.get_app_config(label).get_models()
        if isinstance(model, type) and issubclass(model, models.Model) and model._meta.managed
    }


def previewed(source: Order, **options: Any) -> dict[str, Any]:
    return preview(
        source.pk, mode=source.mode, options=CopyOptions(**options), report=what_comes_out
    )


class AnyCopy(TransactionTestCase):
    @settings(deadline=None, max_examples=25)
    @given(
        stocks=st.lists(st.integers(0, 4), min_size=1, max_size=4),
        options=st.fixed_dictionaries(
            {
                "place_target_order": st.booleans(),
                "cancel_source_order": st.booleans(),
                "skip_errors": st.booleans(),
                "ignore_invalid_coupon": st.booleans(),
                "apply_promotions": st.booleans(),
            }
        ),
        coupon=st.sampled_from([None, "SPRING", "NOSUCH"]),
        address=st.booleans(),
    )
    def test_does_what_its_preview_said(
        self, stocks: list[int], options: dict[str, bool], coupon: str | None, address: bool
    ) -> None:
        here = shop()
        here.promotion(percentage=15)
        here.coupon("SPRING", usage_limit=1)
        source = order_with(
            here, *(Line(here.sku(stock=stock), 2) for stock in stocks), coupon_code=coupon
        )
        if not address:
            source.billing_address = None
            source.save()
        before = row_counts()

        said = previewed(source, **options)

        assert row_counts() == before
        assert what_comes_out(copied(source, **options)) == said


@pytest.mark.django_db(transaction=True)
def test_a_preview_does_not_wait_for_those_who_are_placing_orders() -> None:
    here = shop()
    source = order_with(here, Line(here.sku("TEA")))
    with second_connection() as other:
        other.execute("SELECT * FROM orders_stockitem FOR UPDATE")
        with pytest.raises(Busy, match="try again"):
            previewed(source, place_target_order=True)
    assert connection.is_usable()
