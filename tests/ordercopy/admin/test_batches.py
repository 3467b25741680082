"""Batches in the admin: followed, stopped, tried again and undone, with what is left in words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from config.roles import OPERATOR, VIEWER
from ordercopy.models import OrderCopyBatch
from ordercopy.undoing import undo_prospect
from ordercopy.working import do_all_that_waits
from orders import lifecycle
from orders.models import Order, StockItem
from tests.copying import batch_of, run_batch, target_of
from tests.factories import TESTER, Line, order_with, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]


def act(client: StaffClient, deed: str, batch: OrderCopyBatch, method: str = "post") -> Any:
    return getattr(client, method)(reverse(f"admin:batch_{deed}", args=[batch.pk]), follow=True)


def page_of(client: StaffClient, batch: OrderCopyBatch) -> Any:
    return client.get(reverse("admin:ordercopy_ordercopybatch_change", args=[batch.pk])).context


def statuses(batch: OrderCopyBatch) -> list[str]:
    return [copy.status for copy in batch.order_copies.order_by("sequence")]


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def one_good_one_bad(sold_out: str = "GONE") -> OrderCopyBatch:
    here = shop()
    return batch_of(
        order_with(here, Line(here.sku(price=1000, stock=5))),
        order_with(here, Line(here.sku(sold_out, stock=0))),
    )


@pytest.mark.parametrize("typed", ["Spring recall", "spring", "SPRING RE"])
def test_it_is_found_by_the_beginning_of_its_reference(staff: Staff, typed: str) -> None:
    here = shop()
    batch = batch_of(order_with(here, Line(here.sku())), reference="Spring recall")
    batch_of(order_with(here, Line(here.sku())), reference="After spring")
    batch_of(order_with(here, Line(here.sku())))

    page = staff(VIEWER).get(reverse("admin:ordercopy_ordercopybatch_changelist"), {"q": typed})

    assert [found.pk for found in page.context["cl"].result_list] == [batch.pk]
    assert "By the beginning of the reference" in page.content.decode()


def test_its_page_tells_how_far_it_is_and_what_came_of_it(staff: Staff) -> None:
    batch, client = one_good_one_bad(), staff(OPERATOR)
    before = page_of(client, batch)
    run_batch(batch)

    page = page_of(client, batch)

    assert (before["going"], before["ended"], before["can_stop"]) == (True, 0, 2)
    assert (page["going"], page["ended"], page["percent"]) == (False, 2, "100.00")
    counts = {part["status"]: part["count"] for part in page["parts"]}
    assert (counts["completed"], counts["failed"]) == (1, 1)
    assert page["money"] == ["€10.00"]
    assert page["causes"]["first"][0]["words"] == "Not enough of GONE in stock"
    assert (page["standing"], page["can_retry"], page["can_undo"]) == ("Some failed", 1, True)


def test_what_was_left_out_is_told_until_it_is_undone(staff: Staff) -> None:
    here, client = shop(), staff(OPERATOR)
    lines = Line(here.sku(stock=5)), Line(here.sku("GONE", stock=0))
    batch = batch_of(order_with(here, *lines), skip_errors=True)
    run_batch(batch)

    page = page_of(client, batch)
    listed = client.get(reverse("admin:ordercopy_ordercopybatch_changelist")).content.decode()
    act(client, "undo", batch)
    do_all_that_waits()
    undone = page_of(client, batch)

    assert page["standing"] == "Copied, 1 with products left out"
    assert page["standing"] in listed
    assert "All copied" not in listed
    assert (page["causes_title"], len(page["causes"]["first"])) == ("What was left out", 1)
    assert (undone["standing"], undone["causes"]["first"]) == ("Undone", [])


def test_numbers_and_causes_lead_to_the_copies_that_they_count(staff: Staff) -> None:
    batch, client = one_good_one_bad(), staff(VIEWER)
    other = one_good_one_bad("GONE, TOO")
    run_batch(batch)
    run_batch(other)
    page = page_of(client, batch)
    failed = next(part for part in page["parts"] if part["status"] == "failed")

    for link in (failed["link"], page["causes"]["first"][0]["link"]):
        (copy,) = client.get(link).context["cl"].result_list
        assert (copy.batch, copy.status) == (batch, "failed")


def test_stopping_names_the_number_and_does_it_once(staff: Staff) -> None:
    batch, client = one_good_one_bad(), staff(OPERATOR)

    asked = act(client, "stop", batch, "get")
    assert statuses(batch) == ["pending", "pending"]
    done, again = act(client, "stop", batch), act(client, "stop", batch)

    assert asked.context["question"].question == "Stop 2 copies?"
    assert said(done) == ["2 copies were stopped."]
    assert said(again) == ["There was nothing left to stop."]
    assert statuses(batch) == ["aborted", "aborted"]


def test_retrying_names_the_number_and_does_it_once(staff: Staff) -> None:
    batch, client = one_good_one_bad(), staff(OPERATOR)
    run_batch(batch)
    StockItem.objects.update(quantity=9)

    asked = act(client, "retry", batch, "get")
    done, again = act(client, "retry", batch), act(client, "retry", batch)
    run_batch(batch)

    assert asked.context["question"].question == "Retry 1 failed copy?"
    assert said(done) == ["1 copy is tried again."]
    assert said(again) == ["No copy of this batch has failed; there is nothing to retry."]
    assert statuses(batch) == ["completed", "completed"]


def test_what_undoing_would_do_is_what_it_does(staff: Staff) -> None:
    here = shop()
    sources = [order_with(here, Line(here.sku())) for _ in range(4)]
    batch = batch_of(*sources)
    run_batch(batch)
    copies = list(batch.order_copies.order_by("sequence"))
    targets = [target_of(copy).pk for copy in copies]
    lifecycle.place(targets[1:], who=TESTER)
    lifecycle.approve_and_capture(targets[2:3], who=TESTER)
    lifecycle.cancel(targets[3:], who=TESTER)
    paid = Order.objects.get(pk=targets[2])
    client = staff(OPERATOR)

    prospect = undo_prospect(batch)
    asked = act(client, "undo", batch, "get")
    begun = act(client, "undo", batch).context
    do_all_that_waits()

    assert (begun["standing"], begun["going"], begun["undone"]["at"]) == (
        "Being undone",
        True,
        None,
    )
    assert not any(name in begun for name in ("can_stop", "can_retry", "can_undo"))
    assert (prospect.deleted, prospect.cancelled) == (1, 1)
    assert asked.context["question"].question == "Undo 2 new orders?"
    assert "1 new order stays: it is paid" in " ".join(asked.context["question"].consequences)
    assert not Order.objects.filter(pk=targets[0]).exists()
    assert Order.objects.get(pk=targets[1]).status == "cancelled"
    (left,) = page_of(client, batch)["undone"]["left"]
    assert left["words"].startswith("1 new order stays: it is paid")
    assert left["orders"] == [paid]
    assert not undo_prospect(batch).does_anything
    batch.refresh_from_db()
    reported = batch.undo_report
    act(client, "undo", batch)
    batch.refresh_from_db()
    assert (batch.undo_report, batch.undo_requested_at) == (reported, None)


def test_undoing_is_not_offered_where_nothing_was_made(staff: Staff) -> None:
    here = shop()
    batch = batch_of(order_with(here, Line(here.sku(stock=0))))
    run_batch(batch)

    assert not page_of(staff(OPERATOR), batch)["can_undo"]


def test_a_viewer_is_offered_nothing_to_press(staff: Staff) -> None:
    batch = one_good_one_bad()
    run_batch(batch)

    page = page_of(staff(VIEWER), batch)

    assert not any(name in page for name in ("can_stop", "can_retry", "can_undo"))


@pytest.mark.parametrize("page", ["change", "progress", "stop", "retry", "undo"])
def test_a_batch_of_the_other_mode_is_refused(staff: Staff, page: str) -> None:
    here = shop("live")
    batch = batch_of(order_with(here, Line(here.sku())))
    name = "ordercopy_ordercopybatch_change" if page == "change" else f"batch_{page}"

    answer = staff(OPERATOR, mode="test").get(reverse(f"admin:{name}", args=[batch.pk]))

    assert answer.status_code == 409


def test_list_and_page_take_a_fixed_number_of_statements(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    client = staff(OPERATOR)
    batches = [one_good_one_bad(f"GONE {nth}") for nth in range(5)]
    for batch in batches:
        run_batch(batch)
    page_of(client, batches[0])

    with django_assert_max_num_queries(25):
        client.get(reverse("admin:ordercopy_ordercopybatch_changelist"))
    with django_assert_max_num_queries(25):
        page_of(client, batches[0])
