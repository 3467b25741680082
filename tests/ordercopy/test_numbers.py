"""Numbers of new orders pass over those that came in with imported ones."""

import pytest

from ordercopy.options import CopyOptions
from ordercopy.previewing import preview
from orders.models import Order
from orders.statements import execute
from tests.copying import asked_for, run, target_of
from tests.factories import Line, order_with, shop

pytestmark = pytest.mark.django_db


def take_the_next_numbers(count: int) -> None:
    """Let orders have the numbers that the next new ones would get."""
    ((last,),) = execute("SELECT last_value FROM orders_order_number")
    here = shop()
    for number in range(last + 1, last + 1 + 2 * count):
        order_with(here, Line(here.sku()), number=f"OC-{number}")


def test_a_batch_of_copies_gets_numbers_that_are_free() -> None:
    here = shop()
    sources = [order_with(here, Line(here.sku())) for _ in range(5)]
    take_the_next_numbers(3)

    copies = run([asked_for(source)[0] for source in sources])

    assert [copy.status for copy in copies] == ["completed"] * 5
    assert len({target_of(copy).number for copy in copies}) == 5


def test_a_preview_is_not_disturbed_by_them() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    take_the_next_numbers(1)

    status = preview(source.pk, mode="test", options=CopyOptions(), report=lambda copy: copy.status)

    assert status == "completed"
    assert Order.objects.filter(copied_from=source).count() == 0
