"""Batches of copies through the API: asking for one, and following it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from ordercopy.models import OrderCopy, OrderCopyBatch
from ordercopy.working import run_waiting_copies
from orders.models import Order
from tests.api_client import ApiClient, errors_of
from tests.factories import NOON, Line, order_with, placed_order, shop
from tests.ordercopy.api.batches import BATCHES, asked, batch_now, counts

pytestmark = pytest.mark.django_db

IDS, FILTERS = "/data/attributes/source_order_ids", "/data/attributes/filters"
MANY_COMPARISONS = ("number_not_in", "token_not_in", "reference_not_in")  # of 901 values each


class TestAsking:
    def test_for_orders_by_their_ids_in_this_order(self) -> None:
        here = shop()
        sources = [order_with(here, Line(here.sku())) for _ in range(3)]
        api = ApiClient()

        pk = asked(api, *sources, place_target_order=True, reference="may", reuse_wallet=None)

        copies = OrderCopy.objects.filter(batch=pk).order_by("sequence")
        assert [copy.source_order for copy in copies] == sources
        assert {(copy.place_target_order, copy.reference) for copy in copies} == {(True, "may")}
        batch = batch_now(api, pk)
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
            (
                {"filters": dict.fromkeys(MANY_COMPARISONS, ",x" * 900)},
                (400, "INVALID_FILTER_VALUE", f"{FILTERS}/{MANY_COMPARISONS[-1]}"),
            ),
            ({"status": "completed"}, (400, "PARAM_NOT_ALLOWED", "/data/attributes/status")),
        ],
        ids=lambda given: str(given)[:60],
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

        batch = batch_now(api, pk)
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
