"""The page over all errors, asked of the server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from config.roles import OPERATOR, VIEWER
from ordercopy.making_again import make_again
from tests.copying import copied
from tests.factories import TESTER, Line, order_with, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
ERRORS = "admin:ordercopy_errors"


def in_the_way(client: StaffClient, **asked: str) -> dict[str, int]:
    """The causes on the page, with how many copies each blocks."""
    groups = client.get(reverse(ERRORS), asked).context["groups"]
    return {group.words: group.cause.copies for group in groups}


def test_errors_are_grouped_by_cause_with_the_copies_that_each_blocks(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", stock=1), here.sku("JAM", disabled_at="2020-01-01T00:00Z")
    for lines in ([Line(mug, 2)], [Line(mug, 3), Line(jam)], [Line(jam)], [Line(mug, 4000)]):
        copied(order_with(here, *lines))
    copied(order_with(here, Line(mug, 9), Line(here.sku())), skip_errors=True)
    client = staff(VIEWER)

    page = client.get(reverse(ERRORS))
    groups = page.context["groups"]

    assert [(group.words, group.cause.copies, group.others) for group in groups] == [
        ("Not enough of MUG in stock", 3, 1),
        ("JAM is disabled", 2, 1),
    ]
    assert (groups[0].cause.requested, groups[0].supply.there) == (4005, 1)
    assert "Together they want 4,005; there are 1." in page.content.decode()
    assert in_the_way(client, code="sku_disabled") == {"JAM is disabled": 2}
    assert in_the_way(client, sku="MUG") == {"Not enough of MUG in stock": 3}
    assert in_the_way(staff(OPERATOR, mode="live")) == {}


def test_each_cause_leads_to_the_list_of_exactly_its_copies(staff: Staff) -> None:
    here = shop()
    for lacking in ("billing_address", "shipping_address", "payment_method"):
        order = order_with(here, Line(here.sku()), number=lacking, **{lacking: None})
        copied(order, place_target_order=True)
    copied(order_with(here, Line(here.sku()), number="coupon", coupon_code="SPRING"))
    copied(order_with(here, number="empty"))
    client = staff(VIEWER)

    groups = client.get(reverse(ERRORS)).context["groups"]

    listed = {
        group.words: [
            copy.source_order.number for copy in client.get(group.copies).context["cl"].result_list
        ]
        for group in groups
    }
    assert listed == {
        "Missing: the billing address": ["billing_address"],
        "Missing: the shipping address": ["shipping_address"],
        "Missing: the payment method": ["payment_method"],
        "There is no coupon SPRING": ["coupon"],
        "The order has no product that could be copied": ["empty"],
    }


def test_copies_made_again_are_not_blocked_any_more(staff: Staff) -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku(stock=0)), Line(here.sku())))
    client = staff(OPERATOR)
    again = {"action": "make_again", "_selected_action": copy.pk}
    client.post(client.post(reverse("admin:ordercopy_ordercopy_changelist"), again)["Location"])

    assert in_the_way(client) == {}


def test_a_cause_and_home_lead_to_no_copy_that_was_made_again(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=0)
    first, _second = (copied(order_with(here, Line(mug), Line(here.sku()))) for _ in range(2))
    make_again([first.pk], who=TESTER)
    client = staff(VIEWER)

    (group,) = client.get(reverse(ERRORS)).context["groups"]
    (trouble,) = client.get(reverse("admin:index")).context["troubles"]

    assert (group.cause.copies, trouble.cause.copies) == (1, 1)
    for address in (group.copies, trouble.copies):
        assert client.get(address).context["cl"].result_count == 1
    copies = reverse("admin:ordercopy_ordercopy_changelist")
    assert first in client.get(copies, {"made_again": "yes"}).context["cl"].result_list


def test_the_page_of_errors_takes_few_statements(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    copied(order_with(here, *(Line(here.sku(stock=0)) for _ in range(40))))
    client = staff(OPERATOR)

    with django_assert_max_num_queries(25):
        page = client.get(reverse(ERRORS))

    assert len(page.context["groups"]) == 25
