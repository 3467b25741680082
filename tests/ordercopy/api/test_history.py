"""What happened to a copy, and who did it: events and audit entries, read through the API."""

from typing import Any

import pytest

from ordercopy.models import OrderCopy
from ordercopy.working import run_waiting_copies
from orders.models import EventStore
from tests.api_client import ApiClient
from tests.factories import Line, order_with, shop

pytestmark = pytest.mark.django_db


def pages_of(api: ApiClient, address: str, *, size: int) -> list[list[Any]]:
    """All pages of a list that is read by cursor, following its links."""
    pages, following = [], f"{address}?page[size]={size}"
    while following:
        document = api.document(following)
        assert "meta" not in document  # nothing is counted
        pages.append([each["attributes"] for each in document["data"]])
        following = document["links"].get("next", "").removeprefix("http://testserver")
    return pages


def test_client_and_worker_are_named_for_what_they_did() -> None:
    here = shop()
    api = ApiClient()
    source = order_with(here, Line(here.sku(), options=[100]), shipping_cost=500)
    sent = {"reference": "ours", "metadata": {"till": None}, "skip_errors": True}
    created = api.create("order_copies", sent, source_order=("orders", source))
    pk = created.json()["data"]["id"]
    run_waiting_copies()
    api.update("order_copies", pk, {"reference": "mine"})

    first, last = pages_of(api, f"/api/order_copies/{pk}/event_stores", size=2)

    assert (len(first), len(last)) == (2, 1)
    told = {tuple(sorted(entry["payload"])): entry for entry in (*first, *last)}
    ended, named = told["errors_count", "status", "target_order"], told["reference",]
    (asked,) = (entry for entry in (*first, *last) if entry["event"] == "create")
    assert asked["payload"] == {
        name: {"from": None, "to": value}
        for name, value in {
            **sent,
            "source_order": source.pk,
            "status": "pending",
            "reuse_wallet": True,
            "apply_promotions": False,
            "ignore_invalid_coupon": False,
        }.items()
    }
    assert (asked["who"].keys(), asked["who"]) == ({"application"}, named["who"])
    assert (ended["event"], ended["who"].keys()) == ("update", {"worker"})
    assert ended["payload"]["status"] == {"from": "pending", "to": "completed"}
    assert named["payload"] == {"reference": {"from": "ours", "to": "mine"}}


def test_what_a_copy_builds_is_recorded_once_on_the_target() -> None:
    here = shop()
    api = ApiClient()
    source = order_with(here, Line(here.sku(), options=[100]), shipping_cost=500)
    pk = api.create("order_copies", source_order=("orders", source)).json()["data"]["id"]
    before = set(EventStore.objects.values_list("pk", flat=True))
    run_waiting_copies()

    made = EventStore.objects.exclude(pk__in=before)
    target_id = OrderCopy.objects.get(pk=pk).target_order_id
    assert set(made.values_list("resource_type", "resource_id", "event")) == {
        ("orders", target_id, "create"),
        ("order_copies", pk, "update"),
    }
    ((entry,),) = pages_of(api, f"/api/orders/{target_id}/event_stores", size=25)
    assert entry["payload"]["copied_from"] == {"from": None, "to": source.pk}


def test_each_step_of_a_copy_is_an_event() -> None:
    here = shop()
    api = ApiClient()
    good, bad = order_with(here, Line(here.sku())), order_with(here, Line(here.sku(stock=0)))
    copies = [
        api.create("order_copies", source_order=("orders", source)).json()["data"]["id"]
        for source in (good, bad)
    ]
    run_waiting_copies()
    api.update("order_copies", copies[1], {"_retry": True})
    run_waiting_copies()

    of_good, of_bad = (
        sorted(
            each["attributes"]["name"].removeprefix("order_copies.")
            for each in api.document(f"/api/order_copies/{pk}/events")["data"]
        )
        for pk in copies
    )
    assert of_good == ["complete", "create", "start"]
    assert of_bad == ["create", "fail", "fail", "start", "start"]
    wanted = {"filter[q][name_eq]": "order_copies.fail", "page[size]": 1}
    failures = api.document(f"/api/order_copies/{copies[1]}/events", wanted)
    assert failures["meta"] == {"record_count": 2, "page_count": 2}
