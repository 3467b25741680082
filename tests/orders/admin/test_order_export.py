"""The list of orders as a file: what is filtered and nothing else, read once, safe to open."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import reverse

from tests.factories import Line, order_with, placed_order, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
EXPORT = "admin:orders_order_export"


def content(client: StaffClient, kind: str, **asked: str) -> bytes:
    answer = client.get(reverse(EXPORT, args=[kind]), asked)
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(client: StaffClient, **asked: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content(client, "csv", **asked).decode("utf-8-sig"))))


def test_what_is_filtered_is_told_with_amounts_as_numbers(staff: Staff) -> None:
    here = shop()
    order = placed_order(here, Line(here.sku(price=123_456)), reference="web-7")
    order_with(here, Line(here.sku()))
    placed_order(shop("live"))

    (row,) = rows_of(staff("viewer"), status="placed")

    assert (row["Number"], row["Customer"], row["Reference"], row["ID"]) == (
        order.number,
        order.customer_email,
        "web-7",
        order.pk,
    )
    assert (row["Order status"], row["Payment"], row["Currency"]) == ("Placed", "Authorized", "EUR")
    assert (row["Subtotal"], row["Discount"]) == ("1234.56", "0.00")
    assert (row["Market"], row["Copies"]) == (here.market.name, "0")
    assert row["Placed (UTC)"].startswith("20")


def test_amounts_are_those_of_their_currency(staff: Staff) -> None:
    yen = shop(currency="JPY")
    order_with(yen, Line(yen.sku(price=1500)))

    assert rows_of(staff("viewer"))[0]["Subtotal"] == "1500"


def test_a_long_list_takes_no_more_statements_and_keeps_its_order(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    sources = [order_with(here, Line(here.sku())) for _ in range(30)]
    client = staff("viewer")

    with django_assert_max_num_queries(12):
        rows = rows_of(client)

    assert [row["Number"] for row in rows] == [order.number for order in reversed(sources)]


def test_a_cell_is_never_a_formula(staff: Staff) -> None:
    here = shop()
    order_with(here, Line(here.sku()), number="=1+1", reference="@SUM(A1)")
    client = staff("viewer")

    (row,) = rows_of(client)
    sheet = ZipFile(BytesIO(content(client, "xlsx"))).read("xl/worksheets/sheet1.xml").decode()

    assert (row["Number"], row["Reference"]) == ("'=1+1", "'@SUM(A1)")
    assert "=1+1" in sheet
    assert "<f>" not in sheet


def test_there_are_two_kinds_of_files_and_strangers_get_none(staff: Staff) -> None:
    assert staff("viewer").get(reverse(EXPORT, args=["pdf"])).status_code == 404
    assert staff(None).get(reverse(EXPORT, args=["csv"])).status_code == 403


@pytest.mark.parametrize("query", ["colour=red", "customer__password=x"])
def test_what_the_list_does_not_understand_is_not_exported(query: str, staff: Staff) -> None:
    answer = staff("viewer").get(f"{reverse(EXPORT, args=['csv'])}?{query}")

    assert answer["Location"] == f"{reverse('admin:orders_order_changelist')}?{query}"


def test_the_list_is_sorted_by_customer(staff: Staff) -> None:
    here = shop()
    for address in ("bob@example.com", "ann@example.com", "cid@example.com"):
        order_with(here, Line(here.sku()), customer=here.customer(address))

    by_customer = [row["Customer"] for row in rows_of(staff("operator"), o="2")]

    assert by_customer == ["ann@example.com", "bob@example.com", "cid@example.com"]
