"""Batches of copies through the API, from asking for one to taking it back."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from ordercopy.api import order_copy_batches
from ordercopy.making_again import make_again
from ordercopy.models import OrderCopy, OrderCopyBatch
from ordercopy.undo_requests import undo_as_asked
from ordercopy.working import do_all_that_waits, run_waiting_copies
from orders import lifecycle
from orders.models import Order, StockItem
from tests.api_client import ApiClient, errors_of, refused
from tests.factories import NOON, TESTER, Line, order_with, placed_order, shop
from tests.races import second_connection

pytestmark = pytest.mark.django_db

BATCHES = "order_copy_batches"
IDS, FILTERS = "/data/attributes/source_order_ids", "/data/attributes/filters"


def asked(api: ApiClient, *sources: Order, **attributes: Any) -> str:
    """Ask for a batch of these orders; answers its id."""
    if sources:
        attributes["source_order_ids"] = [source.pk for source in sources]
    answer = api.create(BATCHES, attributes)
    assert answer.status_code == 201, answer.content
    pk = answer.json()["data"]["id"]
    assert answer["Location"].endswith(f"/api/{BATCHES}/{pk}")
    return str(pk)


def attributes_of(api: ApiClient, pk: str) -> dict[str, Any]:
    found: dict[str, Any] = api.document(f"/api/{BATCHES}/{pk}")["data"]["attributes"]
    return found


def undone(api: ApiClient, pk: str) -> dict[str, Any]:
    """Have a batch undone, and answer how it then is."""
    assert api.update(BATCHES, pk, {"_undo": True}).status_code == 200
    for _ in undo_as_asked():
        pass
    return attributes_of(api, pk)


def counts(attributes: dict[str, Any]) -> dict[str, int]:
    return {
        name.removesuffix("_count"): number
        for name, number in attributes.items()
        if name.endswith("_count") and name != "total_count" and number
    }


class TestAsking:
    def test_for_orders_by_their_ids_in_this_order(self) -> None:
        here = shop()
        sources = [order_with(here, Line(here.sku())) for _ in range(3)]
        api = ApiClient()

        pk = asked(api, *sources, place_target_order=True, reference="may", reuse_wallet=None)

        copies = OrderCopy.objects.filter(batch=pk).order_by("sequence")
        assert [copy.source_order for copy in copies] == sources
        assert {(copy.place_target_order, copy.reference) for copy in copies} == {(True, "may")}
        batch = attributes_of(api, pk)
        assert (batch["status"], batch["total_count"], counts(batch)) == (
            "pending",
            3,
            {"pending": 3},
        )
        assert (batch["place_target_order"], batch["reuse_wallet"]) == (True, True)
        assert {batch["started_at"], batch["completed_at"], batch["undo_report"]} == {None}
        client = OrderCopyBatch.objects.get().who["application"]
        assert batch["who"] == {"application": client}
        (entry,) = api.document(f"/api/{BATCHES}/{pk}/event_stores")["data"]
        assert entry["attributes"]["event"] == "create"
        assert entry["attributes"]["who"] == batch["who"]
        assert ProcrastinateJob.objects.filter(status="todo").exists()  # a worker is told

    def test_for_orders_by_what_they_have_in_common(self) -> None:
        here = shop()
        late, early = (placed_order(here, customer_email="a@b.example") for _ in range(2))
        Order.objects.filter(pk=late.pk).update(placed_at=NOON.replace(year=NOON.year + 1))
        order_with(here, Line(here.sku()))
        placed_order(shop("live"))
        api = ApiClient()
        filters = {
            "status_eq": "placed",
            "total_amount_cents_gt": 0,
            "customer_email_or_number_cont": "b.example",
            "customer_id_in": [here.alice.pk, "nowhere"],
            "guest_false": True,
            "metadata_jcont": {},
        }

        pk = asked(api, filters=filters)

        copies = OrderCopy.objects.filter(batch=pk).order_by("sequence")
        assert [copy.source_order for copy in copies] == [early, late]  # as they were placed
        listed = {
            f"filter[q][{name}]": value
            for name, value in (
                filters
                | {"customer_id_in": here.alice.pk, "guest_false": "true", "metadata_jcont": "{}"}
            ).items()
        }
        assert set(api.ids("/api/orders", listed)) == {early.pk, late.pk}

    @pytest.mark.parametrize(
        ("attributes", "refusal"),
        [
            ({}, (422, "VALIDATION_ERROR", IDS)),
            ({"source_order_ids": []}, (422, "VALIDATION_ERROR", IDS)),
            ({"source_order_ids": [1]}, (422, "VALIDATION_ERROR", IDS)),
            ({"source_order_ids": ["nowhere123"]}, (422, "VALIDATION_ERROR", IDS)),
            ({"source_order_ids": ["x"], "filters": {"a": 1}}, (422, "VALIDATION_ERROR", FILTERS)),
            ({"filters": {}}, (422, "VALIDATION_ERROR", FILTERS)),
            ({"filters": {"number_or_" * 50 + "id_eq": "x"}}, (422, "VALIDATION_ERROR", FILTERS)),
            ({"filters": {"a/b": 1}}, (400, "FILTER_NOT_ALLOWED", f"{FILTERS}/a~1b")),
            ({"filters": {"number_eq": "none"}}, (422, "VALIDATION_ERROR", FILTERS)),
            ({"filters": {"number_eq": None}}, (422, "VALIDATION_ERROR", FILTERS)),
            ({"filters": {"number_in": ["a,b"]}}, (422, "VALIDATION_ERROR", FILTERS)),
            (
                {"filters": {"colour_eq": "red"}},
                (400, "FILTER_NOT_ALLOWED", f"{FILTERS}/colour_eq"),
            ),
            (
                {"filters": {"placed_at_gt": "soon"}},
                (400, "INVALID_FILTER_VALUE", f"{FILTERS}/placed_at_gt"),
            ),
            ({"status": "completed"}, (400, "PARAM_NOT_ALLOWED", "/data/attributes/status")),
        ],
        ids=str,
    )
    def test_what_cannot_be_understood_is_refused(self, attributes: Any, refusal: Any) -> None:
        placed_order(shop())

        assert errors_of(ApiClient().create(BATCHES, attributes)) == [refusal]
        assert not OrderCopyBatch.objects.exists()

    def test_one_order_that_is_not_there_and_nothing_is_made(self) -> None:
        mine, live = placed_order(shop()), placed_order(shop("live"))
        api = ApiClient()

        answer = api.create(BATCHES, {"source_order_ids": [mine.pk, live.pk]})
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", IDS)]
        assert live.pk in answer.json()["errors"][0]["title"]
        answer = api.create(BATCHES, {"filters": {"id_eq": live.pk}})
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", FILTERS)]
        answer = api.create(BATCHES, {"source_order_ids": [mine.pk, mine.pk]})
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", IDS)]
        assert mine.pk in answer.json()["errors"][0]["title"]
        assert not OrderCopyBatch.objects.exists()
        assert not OrderCopy.objects.exists()

    def test_for_ten_thousand_and_no_more(self) -> None:
        answer = ApiClient().create(
            BATCHES, {"source_order_ids": [f"{n:010}" for n in range(10_001)]}
        )
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", IDS)]
        assert answer.json()["errors"][0]["title"] == "has more than 10000 ids"

    def test_the_same_key_makes_one_batch(self) -> None:
        source = placed_order(shop())
        api = ApiClient()
        body = {"data": {"type": BATCHES, "attributes": {"source_order_ids": [source.pk]}}}

        first, second = (
            api.send("POST", f"/api/{BATCHES}", body, **{"Idempotency-Key": "one"})
            for _ in range(2)
        )

        assert (first.status_code, second.content) == (201, first.content)
        assert second["Idempotent-Replayed"] == "true"
        assert OrderCopyBatch.objects.count() == OrderCopy.objects.count() == 1

    def test_a_storefront_may_not(self) -> None:
        channel = ApiClient(kind="sales_channel", market=shop().market)
        for answer in (channel.create(BATCHES, {"filters": {}}), channel.get(f"/api/{BATCHES}")):
            assert errors_of(answer) == [(401, "UNAUTHORIZED", None)]


class TestFollowing:
    def test_a_worker_ends_it(self) -> None:
        here = shop()
        tea = here.sku("TEA", stock=2)
        sources = [order_with(here, Line(tea, quantity)) for quantity in (1, 5, 7)]
        sources.append(order_with(here, Line(here.sku("CUP", stock=0)), Line(tea)))
        api = ApiClient()
        pk = asked(api, *sources)

        run_waiting_copies()

        batch = attributes_of(api, pk)
        assert batch["status"] == "completed"
        assert counts(batch) == {"completed": 1, "failed": 3}
        assert batch["errors"] == [
            {
                "code": "out_of_stock",
                "sku_code": "TEA",
                "message": "TEA is out of stock",
                "count": 2,
            },
            {
                "code": "out_of_stock",
                "sku_code": "CUP",
                "message": "CUP is out of stock",
                "count": 1,
            },
        ]
        assert batch["created_at"] <= batch["started_at"] <= batch["completed_at"]
        assert batch["completed_at"].endswith("Z")

    def test_its_copies_are_a_list_like_any_other_and_lead_back(self) -> None:
        here = shop()
        good, bad = order_with(here, Line(here.sku())), order_with(here, Line(here.sku(stock=0)))
        api = ApiClient()
        pk, other = asked(api, good, bad), asked(api, good)
        run_waiting_copies()

        document = api.document(
            f"/api/{BATCHES}/{pk}/order_copies",
            {
                "filter[q][status_eq]": "failed",
                "page[size]": 1,
                "include": "order_copy_batch,source_order",
                f"fields[{BATCHES}]": "failed_count",
            },
        )

        assert document["meta"]["record_count"] == 1
        (copy,) = document["data"]
        assert copy["relationships"]["source_order"]["data"]["id"] == bad.pk
        assert copy["relationships"]["order_copy_batch"]["data"] == {"type": BATCHES, "id": pk}
        (batch,) = (each for each in document["included"] if each["type"] == BATCHES)
        assert batch["attributes"] == {"failed_count": 1}
        wanted = {"filter[q][order_copies_status_eq]": "failed"}
        assert api.ids(f"/api/{BATCHES}", wanted) == [pk]
        assert api.ids(f"/api/{BATCHES}", {"filter[q][total_count_lt]": 2}) == [other]
        by_batch = api.ids("/api/order_copies", {"filter[q][order_copy_batch_id_eq]": other})
        assert by_batch == [OrderCopy.objects.get(batch=other).pk]
        answer = api.get(f"/api/{BATCHES}", {"include": "order_copies"})
        assert errors_of(answer) == [(400, "INVALID_INCLUDE", "include")]

    def test_a_list_takes_as_many_statements_for_25_batches_as_for_5(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku(stock=0)))
        api = ApiClient()
        pks = [asked(api, source) for _ in range(25)]
        run_waiting_copies()
        taken = []
        for size in (5, 25):
            with CaptureQueriesContext(connection) as queries:
                document = api.document(
                    f"/api/{BATCHES}", {"page[size]": size, "sort": "-total_count,created_at"}
                )
            assert {each["id"] for each in document["data"]} <= set(pks)
            assert [each["attributes"]["failed_count"] for each in document["data"]] == [1] * size
            taken.append(len(queries))
        assert taken[0] == taken[1] <= 3

    def test_it_is_one_s_own_to_name(self) -> None:
        api = ApiClient()
        pk = asked(api, placed_order(shop()))

        answer = api.update(BATCHES, pk, {"reference": "spring", "metadata": {"a": 1}})
        assert answer.json()["data"]["attributes"]["metadata"] == {"a": 1}
        answer = api.update(BATCHES, pk, {"skip_errors": True})
        assert errors_of(answer) == [(400, "PARAM_NOT_ALLOWED", "/data/attributes/skip_errors")]
        assert errors_of(api.delete(BATCHES, pk)) == [(405, "METHOD_NOT_ALLOWED", None)]


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
        assert attributes_of(api, pk)["aborted_at"] is None


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
        assert counts(attributes_of(api, pk)) == {"completed": 3}
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
        assert attributes_of(api, pk)["undo_report"]["deleted_count"] == 2

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
            assert attributes_of(api, pk)["undone_at"] is None
        run_waiting_copies()

        batch = attributes_of(api, pk)
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
