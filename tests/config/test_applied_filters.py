"""The filters of a list that are set are named above it, each with the way to take it off."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.factories import Line, order_with, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
ORDERS, CLIENTS = "admin:orders_order_changelist", "admin:orders_apiclient_changelist"


def named(client: StaffClient, page: str, asked: str) -> list[tuple[str, str]]:
    changelist = client.get(f"{reverse(page)}?{asked}").context["cl"]
    return [(each.title, each.value) for each in changelist.applied]


def test_each_is_named_in_words_and_taken_off_by_itself(staff: Staff) -> None:
    here = shop()
    order_with(here, Line(here.sku()))
    client = staff("viewer")
    asked = f"status=placed&market={here.market.pk}&placed_at_from=2026-01-31&q=MUG"

    changelist = client.get(f"{reverse(ORDERS)}?{asked}").context["cl"]

    assert [(each.title, each.value) for each in changelist.applied] == [
        ("Order status", "Placed"),
        ("Market", here.market.name),
        ("Placed between", "2026-01-31 – …"),
    ]
    assert named(client, ORDERS, changelist.applied[0].without[1:]) == [
        ("Market", here.market.name),
        ("Placed between", "2026-01-31 – …"),
    ]
    assert "q=MUG" in changelist.applied[0].without
    assert named(client, ORDERS, changelist.clear_all_filters_qs[1:]) == []


def test_a_filter_that_is_left_open_is_none(staff: Staff) -> None:
    changelist = staff("viewer").get(f"{reverse(ORDERS)}?status=&placed=").context["cl"]

    assert (changelist.applied, changelist.has_active_filters) == ([], False)


def test_filters_of_any_kind_are_named(staff: Staff) -> None:
    client = staff("manager")

    assert named(client, CLIENTS, "kind__exact=webapp&revoked_at__isempty=1") == [
        ("Kind", "Web app"),
        ("Revoked", "Empty"),
    ]
    copies = "admin:ordercopy_ordercopy_changelist"
    assert named(client, copies, "status=failed&sku=MUG&key=customer_email&message=no") == [
        ("Status", "Failed"),
        ("SKU that was in the way", "MUG"),
        ("What is missing", "the customer's e-mail address"),
        ("Message", "no"),
    ]
