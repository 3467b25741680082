"""Orders in the admin: finding them, what their pages show, and who may take which step."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from config.roles import OPERATOR, ROLES, permissions_of
from orders import lifecycle
from orders.admin.steps import KINDS
from orders.audit import Who
from orders.models import (
    Order,
    OrderStatus,
    StockItem,
)
from tests.copying import asked_for, copied, run
from tests.factories import (
    Line,
    add_line,
    approved_order,
    fulfilled_order,
    order_with,
    paid_order,
    placed_order,
    refunded_order,
    shop,
)
from tests.orders.admin.order_pages import page_of, step_of
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
LIST = "/admin/orders/order/"


def numbers_in(client: Client, query: str = "") -> set[str]:
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200, page.headers
    return {order.number for order in page.context["cl"].result_list}


# The list


@pytest.mark.parametrize(
    "typed",
    ["N-1", "#n-1", "ref-1", "MUG", "mug", "carol@example.com", "Carol@", "{id}", "{token}"],
)
def test_an_order_is_found_by_what_a_merchant_knows_of_it(typed: str, staff: Staff) -> None:
    here = shop()
    order = order_with(
        here,
        Line(here.sku("MUG")),
        number="N-1",
        reference="ref-1",
        customer=here.customer("carol@example.com"),
    )
    order_with(here, Line(here.sku("MUG-2")), number="N-11", reference="ref-11")

    words = typed.format(id=order.pk, token=order.token)

    assert numbers_in(staff("viewer"), f"q={words.replace('#', '%23')}") == {"N-1"}


def test_what_nobody_knows_finds_nothing(staff: Staff) -> None:
    order_with(shop(), number="N-1")

    client = staff("viewer")
    assert numbers_in(client, "q=N") == set()
    assert numbers_in(client, "q=%25") == set()


def test_the_list_is_narrowed_by_states_market_and_time(staff: Staff) -> None:
    here, there = shop(), shop()
    placed = placed_order(here)
    paid = paid_order(here)
    elsewhere = order_with(there, Line(there.sku()))
    client = staff("viewer")

    assert numbers_in(client, "status=placed") == {placed.number}
    assert numbers_in(client, "payment_status=paid") == {paid.number}
    assert numbers_in(client, "fulfillment_status=in_progress") == {paid.number}
    assert numbers_in(client, f"market={there.market.pk}") == {elsewhere.number}
    day = "placed_at_from=2030-06-15&placed_at_to=2030-06-15"
    assert numbers_in(client, day) == {placed.number, paid.number}
    assert numbers_in(client, "placed_at_from=2030-06-16") == set()
    assert numbers_in(client, "placed_at_to=2030-06-14") == set()


def test_a_day_is_written_as_the_reader_writes_it_and_asked_for_as_everybody_does(
    staff: Staff,
) -> None:
    number = placed_order(shop()).number
    client = staff("viewer")

    def asked(query: str, language: str = "it") -> Any:
        return client.get(f"{LIST}?{query}", headers={"accept-language": language}, follow=True)

    typed = asked("placed_at_from=15/06/2030&placed_at_to=15/06/2030&status=placed")
    plain = "placed_at_from=2030-06-15&placed_at_to=2030-06-15&status=placed"
    assert typed.redirect_chain == [(f"{LIST}?{plain}", 302)]
    for language, written in (("it", "15/06/2030"), ("en", "2030-06-15")):
        page = asked(plain, language)
        assert page.redirect_chain == []
        assert [order.number for order in page.context["cl"].result_list] == [number]
        assert f'value="{written}"' in page.content.decode()
        assert f"{written} – {written}" in page.content.decode()
    assert not asked("placed_at_from=05/07/2030").context["cl"].result_list
    # No day in this language: it stays as it was typed, and finds nothing.
    unread = asked("placed_at_from=15/06/2030", "en")
    assert unread.redirect_chain == []
    assert 'value="15/06/2030"' in unread.content.decode()
    assert not unread.context["cl"].result_list


@pytest.mark.parametrize("query", ["placed=soon", "placed_at_to=soon", "status=soon"])
def test_a_filter_that_cannot_be_understood_finds_nothing(query: str, staff: Staff) -> None:
    placed_order(shop())

    assert numbers_in(staff("viewer"), query) == set()


@pytest.mark.parametrize("span", ["today", "week", "month", "year"])
def test_the_spans_that_merchants_ask_for_begin_at_midnight(span: str, staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    lifecycle.place([order.pk], who=Who.command("pytest"))
    client = staff("viewer")

    assert numbers_in(client, f"placed={span}") == {order.number}
    assert numbers_in(client, "placed=last_month") == set()


def test_orders_with_failed_copies_are_found_and_copies_are_counted(staff: Staff) -> None:
    here = shop()
    gone = here.sku("GONE", stock=0)
    failed, fine = order_with(here, Line(gone)), order_with(here, Line(here.sku("MUG")))
    run(asked_for(failed, fine, place_target_order=True))
    client = staff("viewer")

    assert numbers_in(client, "failed_copies=yes") == {failed.number}
    page = client.get(LIST).content.decode()
    address = f"/admin/ordercopy/ordercopy/?source_order__id__exact={failed.pk}"
    assert re.search(rf'href="{re.escape(address)}">1 copy<', page)
    copies = client.get(address)
    assert [copy.source_order_id for copy in copies.context["cl"].result_list] == [failed.pk]


def test_the_list_is_sorted_only_by_what_an_index_has_in_order(staff: Staff) -> None:
    changelist = staff("viewer").get(LIST).context["cl"]

    sorted_by = {changelist.get_ordering_field(name) for name in changelist.list_display}

    assert sorted_by - {None} == {
        "number",
        "customer_email",
        "total_amount_cents",
        "placed_at",
        "created_at",
    }


def test_orders_are_sorted_by_what_they_come_to(staff: Staff) -> None:
    here = shop()
    cheap, *alike, dear = (
        order_with(here, Line(here.sku(price=price))).pk for price in (100, 500, 500, 900)
    )
    client = staff("viewer")
    changelist = client.get(LIST).context["cl"]
    nth = [changelist.get_ordering_field(name) for name in changelist.list_display].index(
        "total_amount_cents"
    )

    def listed(order: str) -> list[str]:
        rows = client.get(f"{LIST}?o={order}").context["cl"].result_list
        return [order.pk for order in rows]

    # Those that are alike as well: an index is read forwards, or backwards.
    upwards = [cheap, *sorted(alike), dear]
    assert listed(f"{nth}") == upwards
    assert listed(f"-{nth}") == upwards[::-1]


def test_a_page_of_the_list_takes_few_statements(
    staff: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    here = shop()
    sku = here.sku("MUG", stock=1000)
    for _each in range(25):
        order_with(here, Line(sku))
    client = staff("viewer")

    with django_assert_max_num_queries(20):
        assert len(numbers_in(client, "q=MUG&status=pending")) == 25


# The page


def test_the_page_of_a_large_order_takes_few_statements(
    staff: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    here = shop()
    lines = [Line(here.sku(), 2, options=(100, 200)) for _each in range(100)]
    order = order_with(here, *lines, shipping_cost=500)
    client = staff("operator")

    with django_assert_max_num_queries(25):
        page = client.get(page_of(order))

    assert len(page.context["page"].lines) == 100


def test_pictures_are_shown_from_hosts_that_are_allowed_only(staff: Staff, settings: Any) -> None:
    settings.PICTURE_HOSTS = ["https://cdn.example"]
    here = shop()
    order = order_with(here)
    sku = here.sku()
    add_line(order, Line(sku), image_url="https://cdn.example/mug.png")
    add_line(order, Line(sku), image_url="https://elsewhere.example/mug.png")

    page = staff("viewer").get(page_of(order)).content.decode()

    assert 'src="https://cdn.example/mug.png"' in page
    assert "elsewhere.example" not in page


def test_history_tells_who_did_what(staff: Staff) -> None:
    here = shop()
    source = placed_order(here)
    target = copied(source).target_order
    operator = staff("operator")
    operator.post(step_of(source, "approve"))
    operator.post(step_of(source, "archive"))

    told = [entry.words for entry in operator.get(page_of(source)).context["page"].history]
    assert "operator approved the order" in told
    assert "operator archived the order" in told
    made = [entry.words for entry in operator.get(page_of(target)).context["page"].history]
    assert made == [f"The shop made the order as a copy of {source.number}"]


def test_the_family_tree_shows_ancestors_and_descendants(staff: Staff) -> None:
    here = shop()
    root = placed_order(here)
    child = copied(root).target_order
    assert child is not None
    grandchild = copied(child).target_order
    assert grandchild is not None

    page = staff("operator").get(page_of(child)).content.decode()
    tree = page[page.index("Family tree") :]

    assert f'href="{page_of(root)}"' in tree
    assert f'href="{page_of(grandchild)}"' in tree
    assert tree.index(root.number) < tree.index(child.number) < tree.index(grandchild.number)
    assert reverse("admin:ordercopy_compare", args=[child.pk]) in page


def test_an_order_of_the_other_mode_offers_to_switch(staff: Staff) -> None:
    order = placed_order(shop("live"))

    client = staff("operator", mode="test")
    for address in (page_of(order), step_of(order, "approve")):
        assert client.get(address).status_code == 409


# Steps


STEPS: dict[str, tuple[Callable[..., Order], dict[str, str]]] = {
    "place": (lambda here: order_with(here, Line(here.sku())), {"status": "placed"}),
    "approve": (placed_order, {"status": "approved"}),
    "capture": (approved_order, {"payment_status": "paid"}),
    "approve_and_capture": (placed_order, {"status": "approved", "payment_status": "paid"}),
    "fulfill": (paid_order, {"fulfillment_status": "fulfilled"}),
    "refund": (paid_order, {"payment_status": "refunded", "status": "cancelled"}),
    "cancel": (placed_order, {"status": "cancelled", "payment_status": "voided"}),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_once_however_often_it_is_sent(name: str, staff: Staff) -> None:
    make, expected = STEPS[name]
    order = make(shop())
    client = staff(OPERATOR)

    assert client.get(step_of(order, name)).status_code == 200
    order.refresh_from_db()
    assert {axis: getattr(order, axis) for axis in expected} != expected

    first = client.post(step_of(order, name), follow=True)
    second = client.post(step_of(order, name), follow=True)

    order.refresh_from_db()
    assert {axis: getattr(order, axis) for axis in expected} == expected
    assert "is" in str(next(iter(first.context["messages"])))
    assert "already" in str(next(iter(second.context["messages"])))
    transactions = order.transactions.values_list("type", flat=True)
    assert len(transactions) == len(set(transactions))


@pytest.mark.parametrize("role", ROLES)
def test_who_may_take_a_step_is_asked_of_the_server(role: str, staff: Staff) -> None:
    here = shop()
    client = staff(role)

    for kind in KINDS:
        order = placed_order(here)
        before = Order.objects.filter(pk=order.pk).values().get()
        may = kind.permission in permissions_of(role)
        assert client.get(step_of(order, kind.name)).status_code == (200 if may else 403)
        assert client.post(step_of(order, kind.name)).status_code == (302 if may else 403)
        if not may:
            assert Order.objects.filter(pk=order.pk).values().get() == before


def test_a_step_there_is_not_is_no_page(staff: Staff) -> None:
    order = placed_order(shop())

    assert staff(OPERATOR).get(step_of(order, "delete")).status_code == 404


@pytest.mark.parametrize(
    ("make", "step", "reason"),
    [
        (placed_order, "place", "Done already."),
        (placed_order, "fulfill", "Order status is «placed»; it would have to be approved."),
        (paid_order, "cancel", "Payment is «paid»; it would have to be unpaid, authorized or free"),
        (refunded_order, "approve", "Order status is «cancelled»; it would have to be placed."),
        (fulfilled_order, "refund", None),
    ],
)
def test_a_step_that_is_not_open_says_why(
    make: Callable[..., Order], step: str, reason: str | None, staff: Staff
) -> None:
    order = make(shop())

    steps = {each.kind.name: each for each in staff(OPERATOR).get(page_of(order)).context["steps"]}

    assert steps[step].is_open == (reason is None)
    assert (reason or "") in " ".join(steps[step].reasons)


def test_a_refused_step_changes_nothing_and_says_why(staff: Staff) -> None:
    order = paid_order(shop())

    answer = staff(OPERATOR).post(step_of(order, "cancel"), follow=True)

    order.refresh_from_db()
    assert order.status == OrderStatus.APPROVED
    assert "stays as it is. Payment is «paid»" in str(next(iter(answer.context["messages"])))


def test_what_is_short_leads_to_its_stock_item(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=2)
    order = order_with(here, Line(mug, 3))

    page = staff(OPERATOR).get(page_of(order))

    item = StockItem.objects.get(sku=mug)
    [obstacle] = page.context["page"].obstacles
    assert obstacle.words == "Not enough of MUG: 3 wanted, 2 in stock."
    assert [address for address, _words in obstacle.links] == [
        reverse("admin:orders_stockitem_change", args=[item.pk])
    ]
    place = next(step for step in page.context["steps"] if step.kind.name == "place")
    assert place.reasons == (obstacle.words,)


def test_placing_what_cannot_be_placed_says_what_is_missing(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()), billing_address=None, coupon_code="NOPE")

    answer = staff(OPERATOR).post(step_of(order, "place"), follow=True)

    message = str(next(iter(answer.context["messages"])))
    assert "The billing address is missing." in message
    shown = {obstacle.words for obstacle in answer.context["page"].obstacles}
    assert shown == {"The billing address is missing.", "There is no coupon NOPE."}
