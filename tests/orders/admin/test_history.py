"""The history of a record, told to people in the words of its form."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.factories import shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]


def test_changes_are_told_with_labels_and_amounts(staff: Staff) -> None:
    price = shop("test").sku("MUG", price=1000).prices.get()
    client = staff("operator")
    typed = {"sku": price.sku_id, "price_list": price.price_list_id, "amount_cents": "12.50"}
    client.post(
        reverse("admin:orders_price_change", args=[price.pk]),
        {**typed, "compare_at_amount_cents": "15.00"},
    )

    page = client.get(reverse("admin:orders_price_history", args=[price.pk]))

    told = [entry.words for entry in page.context["told"]]
    assert told == [
        "operator changed «Price» from «10.00» to «12.50»",
        "operator set «Former price» to «15.00»",
    ]
    assert all(words in page.content.decode() for words in told)


def test_what_nobody_changed_says_so(staff: Staff) -> None:
    price = shop("test").sku("MUG").prices.get()
    address = reverse("admin:orders_price_history", args=[price.pk])

    assert (
        "Nothing was changed here since it came in."
        in staff("viewer").get(address).content.decode()
    )


def test_the_shop_is_changed_where_the_sidebar_leads(staff: Staff) -> None:
    client = staff("manager")
    address = reverse("admin:orders_organization_changelist")
    page = client.get(address)
    assert page.context["original"].name in page.content.decode()

    sent = {"name": "Lanterns", "slug": page.context["original"].slug}
    client.post(address, sent)

    page.context["original"].refresh_from_db()
    assert page.context["original"].name == "Lanterns"
