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
from ordercopy.reporting import Money, preview_reports
from ordercopy.working import BATCH_SIZE
from orders.models import Order, PaymentMethod
from tests.copying import batch_of, copied, run_batch
from tests.factories import NOON, Line, order_with, shop
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
        offered=st.booleans(),
    )
    def test_does_what_its_preview_said(
        self,
        stocks: list[int],
        options: dict[str, bool],
        coupon: str | None,
        address: bool,
        offered: bool,
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
        if not offered:
            PaymentMethod.objects.update(disabled_at=NOON)
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


def outcomes(sources: list[Order], **options: Any) -> list[str]:
    report = preview_reports(
        [source.pk for source in sources],
        mode="test",
        options=CopyOptions(**options),
        seconds=60,
    )
    assert [each.source_id for each in report.reports] == [source.pk for source in sources]
    return [each.would for each in report.reports]


@pytest.mark.django_db
def test_orders_previewed_together_compete_as_their_copies_do() -> None:
    here = shop()
    tea = here.sku("TEA", stock=5)
    sources = [order_with(here, Line(tea, 2)) for _ in range(3)]

    enough_for_two = ["complete", "complete", "fail"]
    assert outcomes(sources) == ["complete"] * 3
    assert outcomes(sources, place_target_order=True) == enough_for_two
    # These ones workers do not run together, but one after another.
    assert outcomes(sources, place_target_order=True, cancel_source_order=True) == enough_for_two

    batch = batch_of(*sources, place_target_order=True)
    run_batch(batch)
    copies = batch.order_copies.order_by("sequence")
    assert [copy.status for copy in copies] == ["completed", "completed", "failed"]


@pytest.mark.django_db
def test_a_preview_of_many_sums_up_what_would_be_copied_and_what_is_in_the_way() -> None:
    here = shop()
    tea, gone = here.sku("TEA", price=1000), here.sku("GONE", price=300, stock=0)
    sources = [
        order_with(here, Line(tea, price=900)),
        order_with(here, Line(tea, 2), Line(gone)),
        order_with(here, Line(gone)),
    ]

    report = preview_reports(
        [source.pk for source in sources],
        mode="test",
        options=CopyOptions(skip_errors=True),
        seconds=60,
    )

    assert [copy.source_number for copy in report.fail] == [sources[2].number]
    assert [copy.source_number for copy in report.shortened] == [sources[1].number]
    assert report.money == [Money("EUR", now_cents=900 + 2300, then_cents=900 + 2000)]
    assert [(cause.cause, cause.copies) for cause in report.causes.causes] == [
        ("GONE is out of stock", 2),
        ("nothing left to copy", 1),
    ]
    assert not OrderCopy.objects.exists()


@pytest.mark.django_db
def test_a_preview_of_many_begins_nothing_after_its_time() -> None:
    here = shop()
    tea = here.sku()
    sources = [order_with(here, Line(tea)).pk for _ in range(BATCH_SIZE + 1)]

    report = preview_reports(sources, mode="test", options=CopyOptions(), seconds=0)

    assert [each.source_id for each in report.reports] == sources[:BATCH_SIZE]
