"""Copying from the list of orders: chosen, previewed, asked for once, by whom it is allowed."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from config.roles import OPERATOR, ROLES, VIEWER, permissions_of
from ordercopy.admin.kept_options import MOST_KEPT
from ordercopy.models import OrderCopy, OrderCopyBatch
from orders import lifecycle
from orders.models import Order
from tests.copying import asked_for, batch_of, copied, run_batch
from tests.factories import TESTER, Line, Shop, order_with, placed_order, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
PAGE = reverse("admin:ordercopy_copy_orders")
LIST = reverse("admin:orders_order_changelist")


def orders_of(here: Shop, count: int = 1, **fields: Any) -> list[Order]:
    return [order_with(here, Line(here.sku()), **fields) for _ in range(count)]


def page_for(*sources: Order) -> str:
    return f"{PAGE}?ids={','.join(source.pk for source in sources)}"


def choose_all(client: StaffClient, filters: str, shown: Order) -> str:
    """Select all that match, as the list's own form does; answers where it leads."""
    chosen = {"action": "copy_orders", "_selected_action": shown.pk, "select_across": "1"}
    return str(client.post(f"{LIST}?{filters}", {**chosen, "index": "0"})["Location"])


def preview(client: StaffClient, page: str, **options: Any) -> Any:
    """Send the form of the options, and see what would come of it; its ``path`` is its address."""
    address = client.post(page, options)["Location"]
    shown = client.get(address)
    shown.path = address
    return shown


def press(client: StaffClient, shown: Any) -> Any:
    """Press the button of a preview on what it showed."""
    return client.post(shown.path, dict(shown.context["seen"].initial))


def go(client: StaffClient, page: str, **options: Any) -> Any:
    """Preview, and then press the button on what was shown."""
    return press(client, preview(client, page, **options))


def sources_of(batch: OrderCopyBatch) -> list[str]:
    return [copy.source_order_id for copy in batch.order_copies.order_by("sequence")]


# Which orders


def test_ticked_orders_are_asked_about_and_copied(staff: Staff) -> None:
    first, second, _other = orders_of(shop(), 3)
    client = staff(OPERATOR)
    chosen = {"action": "copy_orders", "_selected_action": [first.pk, second.pk], "index": "0"}

    page = client.post(LIST, chosen)["Location"]
    answer = go(client, page, place_target_order="on", reference="spring recall")

    batch = OrderCopyBatch.objects.get()
    assert answer["Location"] == reverse("admin:ordercopy_ordercopybatch_change", args=[batch.pk])
    assert sorted(sources_of(batch)) == sorted([first.pk, second.pk])
    assert (batch.place_target_order, batch.skip_errors, batch.reference) == (
        True,
        False,
        "spring recall",
    )
    assert batch.who["owner"]["name"] == OPERATOR


def test_all_that_match_are_those_that_the_list_showed(staff: Staff) -> None:
    here = shop()
    waiting = orders_of(here, 2)
    placed = [placed_order(here) for _ in range(2)]
    client = staff(OPERATOR)

    page = choose_all(client, "status__exact=placed", placed[0])
    orders_of(here)
    placed_order(here)
    go(client, page)

    assert "ids=" not in page
    assert sources_of(OrderCopyBatch.objects.get()) == [order.pk for order in placed]
    assert waiting[0].pk not in page


def test_how_many_were_copied_in_the_last_day_is_said_and_they_can_be_left_out(
    staff: Staff,
) -> None:
    sources = orders_of(shop(), 4)
    copied(sources[0])
    copied(sources[1])
    OrderCopy.objects.filter(source_order=sources[1]).update(
        created_at=timezone.now() - timedelta(hours=25)
    )
    asked_for(sources[2])
    client, page = staff(OPERATOR), page_for(*sources)

    asked = client.get(page)
    go(client, page, without_copied="on")

    assert (asked.context["count"], asked.context["recent"]) == (4, 2)
    assert sorted(sources_of(OrderCopyBatch.objects.get())) == sorted(
        [sources[1].pk, sources[3].pk]
    )


@pytest.mark.parametrize(
    "address", ["", "?ids=", "?matching=nonsense%3D1", "?matching=&until=soon"]
)
def test_an_address_that_names_no_orders_leads_to_the_list(staff: Staff, address: str) -> None:
    page = staff(OPERATOR).get(PAGE + address)

    assert (page.status_code, page.context["none_chosen"]) == (200, True)
    assert f'href="{LIST}"' in page.content.decode()


def test_orders_of_the_other_mode_are_not_copied(staff: Staff) -> None:
    (live,) = orders_of(shop("live"))

    refused = staff(OPERATOR, mode="test").get(page_for(live))

    assert refused.status_code == 409


# What would happen


def test_a_preview_changes_nothing_and_says_what_cannot_be_copied(staff: Staff) -> None:
    here = shop()
    good = order_with(here, Line(here.sku(price=1000)))
    bad = order_with(here, Line(here.sku("GONE", stock=0)))

    page = preview(staff(OPERATOR), page_for(good, bad))

    shown = page.context
    assert (shown["whole"], shown["failing"], shown["tried"]) == (1, 1, 2)
    assert [cause["words"] for cause in shown["causes"]["first"]] == ["Not enough of GONE in stock"]
    assert [(order["number"], order["outcome"]) for order in shown["orders"]] == [
        (bad.number, "failing"),
        (good.number, "whole"),
    ]
    assert not OrderCopyBatch.objects.exists()


def test_a_preview_that_fails_offers_one_that_leaves_out_what_fails(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()), Line(here.sku("GONE", stock=0)))
    client = staff(OPERATOR)
    offer = "Preview again, leaving out products that cannot be copied"

    first = preview(client, page_for(order))
    second = client.get(first.context["shortening"])

    assert (first.context["failing"], offer in first.content.decode()) == (1, True)
    assert (second.context["shortened"], offer in second.content.decode()) == (1, False)


def test_a_copy_that_only_cannot_be_placed_is_told_from_one_that_is_not_made(
    staff: Staff,
) -> None:
    here = shop()
    order = order_with(here, Line(here.sku(price=1000)), shipping_address=None)

    page = preview(staff(OPERATOR), page_for(order), place_target_order="on")

    shown, words = page.context, page.content.decode()
    assert (shown["unplaced"], shown["failing"], shown["will_fail"]) == (1, 0, 1)
    assert [each["outcome"] for each in shown["orders"]] == ["unplaced"]
    assert "1 of them will fail and wait in Errors." in words
    assert "Preview again, leaving out" not in words


def test_options_are_kept_from_the_preview_to_the_form_until_the_orders_are_copied(
    staff: Staff,
) -> None:
    source, other = orders_of(shop(), 2)
    client, page = staff(OPERATOR), page_for(source)
    shown = preview(client, page, skip_errors="on", reference="again")

    def chosen(page: str) -> tuple[Any, ...]:
        form = client.get(page).context["form"]
        return tuple(form[name].value() for name in ("skip_errors", "reuse_wallet", "reference"))

    assert chosen(page) == chosen(shown.context["options"]) == (True, False, "again")
    assert chosen(page_for(other)) == (False, True, None)
    press(client, shown)
    assert OrderCopyBatch.objects.get().reference == "again"
    assert chosen(page) == (False, True, None)


def test_options_of_the_latest_selections_are_kept(staff: Staff) -> None:
    sources = orders_of(shop(), MOST_KEPT + 1)
    client = staff(OPERATOR)

    for source in sources:
        preview(client, page_for(source), skip_errors="on")

    kept = [client.get(page_for(source)).context["form"] for source in sources]
    assert [form["skip_errors"].value() for form in kept] == [False] + [True] * MOST_KEPT


def test_what_changed_after_the_preview_is_shown_once_more_before_anything_is_copied(
    staff: Staff,
) -> None:
    here = shop()
    placed = [placed_order(here) for _ in range(2)]
    client = staff(OPERATOR)
    shown = preview(client, choose_all(client, "status__exact=placed", placed[0]))
    lifecycle.approve([placed[1].pk], who=TESTER)

    answer = client.get(press(client, shown)["Location"])

    assert answer.context["count"] == 1
    assert "Look once more" in answer.content.decode()
    assert not OrderCopyBatch.objects.exists()


def test_a_preview_is_refused_while_the_other_mode_is_worked_on(staff: Staff) -> None:
    source = placed_order(shop())
    client = staff(OPERATOR)
    shown = preview(client, choose_all(client, "status__exact=placed", source))
    client.switch_to("live")

    assert client.get(shown.path).status_code == 409
    assert client.get(shown.context["options"]).status_code == 409


@pytest.mark.parametrize("spoilt", ["&skip_errors=on", "&key=none&reference=" + "x" * 256])
def test_an_address_of_a_preview_that_was_made_by_hand_leads_to_a_proper_one(
    staff: Staff, spoilt: str
) -> None:
    (source,) = orders_of(shop())

    answer = staff(OPERATOR).get(f"{PAGE}preview/?ids={source.pk}{spoilt}", follow=True)

    assert answer.status_code == 200
    assert "form" in answer.context


def test_orders_that_were_all_copied_meanwhile_lead_back_to_the_options(staff: Staff) -> None:
    (source,) = orders_of(shop())
    client = staff(OPERATOR)
    shown = preview(client, page_for(source), without_copied="on")
    asked_for(source)

    later = client.get(shown.path, follow=True)
    refused = client.post(page_for(source), {"without_copied": "on"})

    assert later.context["recent"] == 1
    assert "All of them were copied in the last 24 hours." in later.content.decode()
    assert "without_copied" in refused.context["form"].errors


# Once


def test_a_form_sent_twice_makes_one_batch(staff: Staff) -> None:
    """Even where the copies have changed meanwhile what the filter matches."""
    source = placed_order(shop())
    client = staff(OPERATOR)
    page = choose_all(client, "status__exact=placed", source)
    shown = preview(client, page, cancel_source_order="on")

    first = press(client, shown)
    run_batch(OrderCopyBatch.objects.get())
    second = press(client, shown)
    later = client.get(shown.path).content.decode()

    assert second["Location"] == first["Location"]
    assert (OrderCopyBatch.objects.count(), OrderCopy.objects.count()) == (1, 1)
    assert "From this preview 1 order was copied already." in later
    assert first["Location"] in later


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_that_match_are_asked_for_at_once_and_none_is_lost(staff: Staff) -> None:
    here = shop()
    first = order_with(here, Line(here.sku(stock=1_000_000)))
    run_batch(batch_of(*[first] * 9_999))
    client = staff(OPERATOR)
    page = choose_all(client, "status__exact=pending", first)
    shown = preview(client, page, place_target_order="on")

    began = time.monotonic()
    press(client, shown)
    answered = time.monotonic() - began

    assert answered < 5
    batch = OrderCopyBatch.objects.latest("created_at")
    run_batch(batch)
    assert batch.order_copies.filter(status="completed").count() == 10_000
    assert batch.order_copies.values("source_order").distinct().count() == 10_000
    assert Order.objects.filter(status="placed").count() == 10_000


# Who may


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_page_and_button_is_for_those_whom_the_table_of_roles_lets(
    role: str | None, staff: Staff
) -> None:
    here = shop()
    batch = batch_of(order_with(here, Line(here.sku(stock=0))))
    run_batch(batch)
    client = staff(role)
    may = permissions_of(role) if role else set()
    pages = {
        page_for(batch.order_copies.get().source_order): "ordercopy.copy_order",
        f"{PAGE}preview/": "ordercopy.copy_order",
        reverse("admin:batch_stop", args=[batch.pk]): "ordercopy.abort_ordercopy",
        reverse("admin:batch_retry", args=[batch.pk]): "ordercopy.retry_ordercopy",
        reverse("admin:batch_undo", args=[batch.pk]): "ordercopy.undo_ordercopybatch",
        reverse("admin:batch_progress", args=[batch.pk]): "ordercopy.view_ordercopybatch",
    }
    shown = reverse("admin:ordercopy_ordercopybatch_change", args=[batch.pk])

    for page, permission in pages.items():
        for answer in (client.get(page), client.post(page)):
            assert (answer.status_code == 403) == (permission not in may), (role, page)
    seen = client.get(shown).status_code == 200
    assert seen == ("ordercopy.view_ordercopybatch" in may)
    # A batch is changed by its buttons, by nobody's form.
    assert client.post(shown).status_code == 403


def test_a_viewer_is_offered_no_copying(staff: Staff) -> None:
    (source,) = orders_of(shop())
    viewer = staff(VIEWER)

    listed = viewer.get(LIST)
    viewer.post(LIST, {"action": "copy_orders", "_selected_action": source.pk, "index": "0"})

    assert "copy_orders" not in listed.content.decode()
    assert not OrderCopyBatch.objects.exists()


def test_a_preview_of_many_takes_few_statements(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    client, page = staff(OPERATOR), page_for(*orders_of(shop(), 30))
    address = client.post(page)["Location"]

    # What the engine runs is prepared, and not counted here.
    with django_assert_max_num_queries(25):
        client.get(page)
    with django_assert_max_num_queries(25):
        assert client.get(address).context["tried"] == 30


def test_the_address_of_a_selection_is_short_however_many_match(staff: Staff) -> None:
    sources = orders_of(shop(), 3)

    page = choose_all(staff(OPERATOR), "", sources[0])

    assert len(urlsplit(page).query) < 100
