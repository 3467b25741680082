"""An order beside its copy, asked of the server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from config.roles import VIEWER
from tests.copying import copied
from tests.factories import Line, order_with, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]


def test_a_comparison_marks_what_was_left_out_and_what_it_costs(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", price=1000), here.sku("JAM", price=250, stock=0)
    copy = copied(order_with(here, Line(mug, 2), Line(jam, 2)), skip_errors=True)

    page = staff(VIEWER).get(reverse("admin:ordercopy_compare", args=[copy.target_order_id]))

    shown = page.context
    assert [(line.label, str(line.change)) for line in shown["lines"]] == [
        ("MUG", "Same"),
        ("JAM", "Left out"),
    ]
    (total,) = [side for side in shown["money"] if side.name == "Total"]
    assert (total.source, total.target, total.more) == (["€25.00"], ["€20.00"], "-€5.00")


def test_a_comparison_speaks_the_readers_language_throughout(staff: Staff) -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))
    address = reverse("admin:ordercopy_compare", args=[copy.target_order_id])

    page = staff(VIEWER).get(address, headers={"accept-language": "it"})

    told = " ".join(part for side in page.context["others"] for part in side.source)
    assert "Via e numero: " in told
    assert not any(word in told for word in ("Line 1:", "Business:", "Type:", "Zip code:"))


def test_a_comparison_takes_few_statements_for_a_hundred_lines(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    copy = copied(order_with(here, *(Line(here.sku(), options=[5]) for _ in range(100))))
    client = staff(VIEWER)

    with django_assert_max_num_queries(25):
        page = client.get(reverse("admin:ordercopy_compare", args=[copy.target_order_id]))

    assert page.context["same"]


def test_an_order_that_was_not_copied_says_so(staff: Staff) -> None:
    order = order_with(shop())
    client = staff(VIEWER)

    page = client.get(reverse("admin:ordercopy_compare", args=[order.pk]))

    assert "was not copied from another one" in page.content.decode()
    assert client.get(reverse("admin:ordercopy_compare", args=["nothing"])).status_code == 404
    live = order_with(shop("live"))
    assert client.get(reverse("admin:ordercopy_compare", args=[live.pk])).status_code == 409
