"""Batches of copies through the API: stopping one, trying again what failed, taking it back."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ordercopy.api import order_copy_batches
from ordercopy.making_again import make_again
from ordercopy.models import OrderCopy
from ordercopy.undo_requests import undo_as_asked
from ordercopy.working import do_all_that_waits, run_waiting_copies
from orders import lifecycle
from orders.models import Order, StockItem
from tests.api_client import ApiClient, errors_of, refused
from tests.factories import TESTER, Line, order_with, placed_order, shop
from tests.ordercopy.api.batches import BATCHES, asked, batch_now, counts
from tests.races import second_connection

pytestmark = pytest.mark.django_db


def undone(api: ApiClient, pk: str) -> dict[str, Any]:
    """Have a batch undone, and answer how it then is."""
    assert api.update(BATCHES, pk, {"_undo": True}).status_code == 200
    for _ in undo_as_asked():
        pass
    return batch_now(api, pk)


class TestStopping:
    def test_what_waits_is_stopped_once(self) -> None:
        here = shop()
        sources = [order_with(here, Line(here.sku())) for _ in range(2)]
        api = ApiClient()
        pk = asked(api, *sources)

        batch = api.update(BATCHES, pk, {"_abort": True}).json()["data"]["attributes"]
        run_waiting_copies()

        assert (batch["status"], counts(batch)) == ("aborted", {"aborted": 2})
        assert batch["aborted_at"]
        assert batch["completed_at"]
        assert Order.objects.count() == 2
        again = api.update(BATCHES, pk, {"_abort": True}).json()["data"]["attributes"]
        assert again == batch
        entries = api.document(f"/api/{BATCHES}/{pk}/event_stores")["data"]
        assert [set(each["attributes"]["payload"]) for each in entries] == [
            {"aborted_at"},
            {"total_count"},
        ]

    def test_one_that_has_ended_cannot_be_stopped(self) -> None:
        api = ApiClient()
        pk = asked(api, placed_order(shop()))
        run_waiting_copies()

        answer = api.update(BATCHES, pk, {"_abort": True})

        assert answer.json()["errors"][0]["title"] == "cannot transition from completed to aborted"
        assert batch_now(api, pk)["aborted_at"] is None


class TestTryingAgain:
    def test_what_failed(self) -> None:
        here = shop()
        sources = [order_with(here, Line(here.sku(stock=stock))) for stock in (1, 0, 0)]
        api = ApiClient()
        pk = asked(api, *sources)
        run_waiting_copies()
        StockItem.objects.update(quantity=1)

        batch = api.update(BATCHES, pk, {"_retry_failed": True}).json()["data"]["attributes"]

        assert (batch["status"], counts(batch)) == ("in_progress", {"pending": 2, "completed": 1})
        assert (batch["errors"], batch["completed_at"]) == ([], None)
        run_waiting_copies()
        assert counts(batch_now(api, pk)) == {"completed": 3}
        answer = api.update(BATCHES, pk, {"_retry_failed": True})
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data")]

    def test_but_not_what_was_made_in_another_way_meanwhile(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), Line(here.sku(stock=0)))
        api = ApiClient()
        pk = asked(api, source)
        run_waiting_copies()
        make_again([OrderCopy.objects.get(batch=pk).pk], who=TESTER)
        run_waiting_copies()
        StockItem.objects.update(quantity=1)

        answer = api.update(BATCHES, pk, {"_retry_failed": True})

        assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data")]
        run_waiting_copies()
        assert Order.objects.filter(copied_from=source).count() == 1


class TestTakingBack:
    def test_pending_orders_go_placed_ones_are_cancelled_and_the_rest_is_told(self) -> None:
        here = shop()
        sources = [order_with(here, Line(here.sku(stock=5))) for _ in range(4)]
        api = ApiClient()
        pk = asked(api, *sources[:2], place_target_order=True)
        run_waiting_copies()
        paid, placed = OrderCopy.objects.filter(batch=pk).order_by("sequence")
        lifecycle.approve_and_capture([paid.target_order_id or ""], who=TESTER)

        batch = undone(api, pk)

        assert batch["undone_at"]
        assert batch["undo_report"] == {
            "undone_at": batch["undone_at"],
            "deleted_count": 0,
            "cancelled_count": 1,
            "aborted_count": 0,
            "left": [
                {
                    "code": "invalid_transition",
                    "message": "cannot transition from paid to cancelled",
                    "count": 1,
                    "order_copy_ids": [paid.pk],
                }
            ],
        }
        assert placed.target_order is not None
        placed.target_order.refresh_from_db()
        assert placed.target_order.status == "cancelled"
        left = {"filter[q][status_eq]": "completed"}
        assert api.ids(f"/api/{BATCHES}/{pk}/order_copies", left) == [paid.pk]

        pending = asked(api, *sources[2:])
        run_waiting_copies()
        waiting = asked(api, sources[2])
        for each, done in ((pending, {"deleted_count": 2}), (waiting, {"aborted_count": 1})):
            batch = undone(api, each)
            assert batch["status"] == "aborted"
            assert batch["undo_report"].items() >= {**done, "left": []}.items()
        assert not Order.objects.filter(copied_from__in=sources[2:]).exists()

    def test_a_second_time_changes_nothing(self) -> None:
        api = ApiClient()
        pk = asked(api, placed_order(shop()))
        run_waiting_copies()
        first, second = (undone(api, pk)["undo_report"] for _ in range(2))

        assert (first["deleted_count"], second["deleted_count"]) == (1, 0)
        assert second["left"] == []
        assert Order.objects.count() == 1

    def test_is_answered_at_once_and_done_by_a_worker(self) -> None:
        here = shop()
        api = ApiClient()
        pk = asked(api, *(order_with(here, Line(here.sku())) for _ in range(2)))
        run_waiting_copies()
        ProcrastinateJob.objects.all().delete()

        first, second = (
            api.update(BATCHES, pk, {"_undo": True}).json()["data"]["attributes"] for _ in range(2)
        )

        assert ProcrastinateJob.objects.count() == 1
        assert first["undone_at"] is None
        assert first["undo_report"] == second["undo_report"]
        assert first["undo_report"]["deleted_count"] == 0
        assert counts(first) == {"completed": 2}
        do_all_that_waits()
        assert batch_now(api, pk)["undo_report"]["deleted_count"] == 2

    @pytest.mark.django_db(transaction=True)
    def test_what_a_worker_holds_is_left_and_told(self) -> None:
        here = shop()
        api = ApiClient()
        pk = asked(api, order_with(here, Line(here.sku())))
        run_waiting_copies()
        with second_connection() as worker:
            worker.execute("SELECT FROM ordercopy_orderfactory FOR NO KEY UPDATE")
            batch = undone(api, pk)
        assert batch["undo_report"]["left"] == [
            {
                "code": "locked",
                "message": "a worker holds the copy",
                "count": 1,
                "order_copy_ids": [OrderCopy.objects.get().pk],
            }
        ]
        assert Order.objects.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_nobody_waits_long_for_somebody_else_who_works_on_the_batch(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(order_copy_batches, "LONGEST_WAIT", "SET LOCAL lock_timeout = 50")
        api = ApiClient()
        pk = asked(api, placed_order(shop()))
        with second_connection() as other:
            other.execute("SELECT FROM ordercopy_ordercopybatch FOR NO KEY UPDATE")
            answer = api.update(BATCHES, pk, {"_undo": True})
        assert errors_of(answer) == [(423, "LOCKED", None)]

    @pytest.mark.django_db(transaction=True)
    def test_a_note_is_taken_while_a_worker_is_at_it(self) -> None:
        api = ApiClient()
        pk = asked(api, placed_order(shop()))
        with second_connection() as worker, ThreadPoolExecutor(1) as threads:
            worker.execute("SELECT FROM ordercopy_ordercopybatch FOR NO KEY UPDATE")
            letting_go = threads.submit(lambda: (time.sleep(0.2), worker.rollback()))
            answer = api.update(BATCHES, pk, {"reference": "mine"})
            letting_go.result()
        assert answer.json()["data"]["attributes"]["reference"] == "mine"

    def test_a_batch_is_undone_until_a_copy_of_it_is_tried_again(self) -> None:
        here = shop()
        api = ApiClient()
        pk = asked(api, *(order_with(here, Line(here.sku())) for _ in range(2)))
        run_waiting_copies()
        report = undone(api, pk)["undo_report"]
        first, second = OrderCopy.objects.filter(batch=pk).order_by("sequence")

        for copy in (first, second):
            assert api.update("order_copies", copy.pk, {"_retry": True}).status_code == 200
            assert batch_now(api, pk)["undone_at"] is None
        run_waiting_copies()

        batch = batch_now(api, pk)
        assert (batch["status"], batch["undone_at"]) == ("completed", None)
        assert batch["undo_report"] == report
        trail = api.document(f"/api/{BATCHES}/{pk}/event_stores")["data"]
        payloads = [entry["attributes"]["payload"] for entry in trail]
        assert {"undone_at": {"from": report["undone_at"], "to": None}} in payloads
        assert undone(api, pk)["undone_at"] > report["undone_at"]

    def test_copies_of_a_batch_that_is_being_undone_do_not_begin_anew(self) -> None:
        here = shop()
        api = ApiClient()
        pk = asked(api, order_with(here, Line(here.sku(stock=0))))
        run_waiting_copies()
        copy = OrderCopy.objects.get()
        api.update(BATCHES, pk, {"_undo": True})

        answer = api.update("order_copies", copy.pk, {"_retry": True})

        assert refused(answer) == ("/data/attributes/status", "its batch is being undone")
        for _ in undo_as_asked():
            pass
        assert api.update("order_copies", copy.pk, {"_retry": True}).status_code == 200
