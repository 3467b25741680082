"""Order copies through the API, from asking for one to reading what became of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ordercopy.models import OrderFactory
from orders.models import Event
from tests.api_client import ApiClient, errors_of, refused
from tests.copying import asked_for, copied, run
from tests.factories import Line, order_with, placed_order, shop

pytestmark = pytest.mark.django_db


def test_a_copy_is_asked_for_and_waits() -> None:
    source = placed_order(shop())
    api = ApiClient()

    answer = api.create(
        "order_copies",
        {"place_target_order": True, "apply_promotions": None, "reference": "mine"},
        query="?include=source_order&fields[orders]=number",
        source_order=("orders", source),
    )

    assert answer.status_code == 201, answer.content
    document = answer.json()
    data = document["data"]
    assert answer["Location"] == data["links"]["self"]
    assert data["links"]["self"] == f"http://testserver/api/order_copies/{data['id']}"
    assert data["attributes"]["status"] == "pending"
    assert data["attributes"]["place_target_order"] is True
    assert data["attributes"]["cancel_source_order"] is None
    assert data["attributes"]["apply_promotions"] is False
    assert data["attributes"]["errors_log"] is None
    assert data["relationships"]["source_order"]["data"] == {"type": "orders", "id": source.pk}
    assert "data" not in data["relationships"]["target_order"]
    assert document["included"][0]["attributes"] == {"number": source.number}


def test_a_finished_copy_tells_what_became_of_it() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))

    document = ApiClient().document(
        f"/api/order_copies/{copy.pk}", {"include": "target_order,events,order_subscription"}
    )

    data = document["data"]
    assert data["attributes"]["status"] == "completed"
    assert data["attributes"]["errors_log"] == {}
    assert data["attributes"]["errors_count"] == 0
    assert data["relationships"]["target_order"]["data"]["id"] == copy.target_order_id
    assert data["relationships"]["order_subscription"]["data"] is None
    names = {each["attributes"].get("name") for each in document["included"]}
    assert {"order_copies.create", "order_copies.complete"} <= names
    assert data["attributes"]["completed_at"].endswith("Z")


def test_a_failed_copy_is_retried_and_an_open_one_aborted() -> None:
    here = shop()
    failed = copied(order_with(here, Line(here.sku(stock=0))))
    api = ApiClient()

    retried = api.update("order_copies", failed.pk, {"_retry": True})
    assert retried.json()["data"]["attributes"]["status"] == "pending"

    aborted = api.update("order_copies", failed.pk, {"_abort": True})
    assert aborted.json()["data"]["attributes"]["status"] == "aborted"

    again = api.update("order_copies", failed.pk, {"_abort": True})
    assert again.json()["data"]["attributes"] == aborted.json()["data"]["attributes"]


def test_what_waits_is_not_asked_for_again() -> None:
    (copy,) = asked_for(placed_order(shop()))
    answer = ApiClient().update("order_copies", copy.pk, {"_retry": True})
    assert refused(answer) == ("/data/attributes/status", "is pending already")


def test_options_are_written_once() -> None:
    here = shop()
    (copy,) = asked_for(order_with(here, Line(here.sku())))
    api = ApiClient()

    answer = api.update("order_copies", copy.pk, {"skip_errors": True})
    assert errors_of(answer) == [(400, "PARAM_NOT_ALLOWED", "/data/attributes/skip_errors")]

    answer = api.update("order_copies", copy.pk, {"metadata": {"a": 1}, "reference": "x"})
    assert answer.status_code == 200
    assert answer.json()["data"]["attributes"]["metadata"] == {"a": 1}


def test_a_copy_is_deleted_and_its_target_stays() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))
    api = ApiClient()

    answer = api.delete("order_copies", copy.pk)

    assert (answer.status_code, answer.content) == (204, b"")
    assert errors_of(api.get(f"/api/order_copies/{copy.pk}")) == [(404, "RECORD_NOT_FOUND", None)]
    assert api.document(f"/api/orders/{copy.target_order_id}")


def test_a_source_of_the_other_mode_does_not_exist() -> None:
    source = placed_order(shop("live"))
    answer = ApiClient("test").create("order_copies", source_order=("orders", source))
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/relationships/source_order")]


@pytest.mark.parametrize("key", ["nothing", "", "é" * 300])
def test_a_source_that_never_was_leaves_no_trace(key: str) -> None:
    api = ApiClient()
    source = {"data": {"type": "orders", "id": key}}

    answer = api.send(
        "POST",
        "/api/order_copies",
        {"data": {"type": "order_copies", "relationships": {"source_order": source}}},
    )

    assert refused(answer) == ("/data/relationships/source_order", "must exist")
    assert not OrderFactory.objects.exists()
    assert not Event.objects.filter(resource_type="order_copies").exists()


def test_factories_are_only_read() -> None:
    copy = copied(placed_order(shop()))
    api = ApiClient()

    (data,) = api.document("/api/order_factories")["data"]

    assert (data["id"], data["type"]) == (copy.pk, "order_factories")
    assert data["attributes"]["type"] == "order_copies"
    assert api.create("order_factories").status_code == 405
    assert api.delete("order_factories", copy.pk).status_code == 405


def test_ids_are_texts_and_asked_about_like_any_other() -> None:
    copies = sorted(asked_for(*[placed_order(shop()) for _ in range(3)]), key=lambda c: c.pk)
    api = ApiClient()
    first = copies[0].pk

    for predicate in ("eq", "start", "end", "cont", "i_cont", "matches", "lteq"):
        assert api.ids("/api/order_copies", {f"filter[q][id_{predicate}]": first}) == [first]
    ids = api.ids("/api/order_copies", {"filter[q][id_not_cont]": first, "sort": "-id"})
    assert ids == [copies[2].pk, copies[1].pk]


def test_a_list_takes_as_many_statements_for_25_copies_as_for_5() -> None:
    here = shop()
    run(asked_for(*[order_with(here, Line(here.sku())) for _ in range(25)]))
    api = ApiClient()
    api.document("/api/order_copies")  # whatever is read once for all requests has been read
    counts = []
    for size in (5, 25):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            document = api.document(
                "/api/order_copies",
                {"page[size]": size, "include": "source_order.customer,target_order,events"},
            )
        assert len(document["data"]) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
