"""The filter grammar: what each predicate lets through, of attributes and behind relationships."""

from datetime import UTC, datetime

import pytest

from orders.models import Tag
from tests.api_client import ApiClient, errors_of
from tests.copying import asked_for, batch_of, copied
from tests.factories import Line, order_with, placed_order, shop

pytestmark = pytest.mark.django_db

NAMES = {"red": "apple", "green": "Apple pie", "blue": None, "white": "50% off", "black": ""}


@pytest.fixture
def api() -> ApiClient:
    for name, reference in NAMES.items():
        Tag.objects.create(
            mode="test",
            name=name,
            reference=reference,
            metadata={"length": len(name), "a": {"b": 1}},
        )
    Tag.objects.create(mode="live", name="foreign", reference="apple")
    return ApiClient()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("reference_eq=apple", "red"),
        ("reference_eq_or_null=apple", "red blue"),
        ("reference_not_eq=apple", "green white black"),
        ("reference_not_eq_or_null=apple", "green blue white black"),
        ("reference_in=apple,Apple pie", "red green"),
        ("reference_in_or_null=apple", "red blue"),
        ("reference_not_in=apple,Apple pie", "white black"),
        ("reference_not_in_or_null=apple", "green blue white black"),
        ("reference_cont=pp", "red green"),
        ("reference_cont=%", "white"),
        ("reference_not_cont=pp", "white black"),
        ("reference_i_cont=APP", "red green"),
        ("reference_cont_any=off,pie", "green white"),
        ("reference_cont_all=A,pie", "green"),
        ("reference_not_cont_all=off,pie", "red black"),
        ("reference_not_cont_any=off,pie", "red green white black"),
        ("reference_start=app", "red"),
        ("reference_not_start=app", "green white black"),
        ("reference_start_any=app,App", "red green"),
        ("reference_end=off", "white"),
        ("reference_not_end=off", "red green black"),
        ("reference_matches=%25pp%25", "red green"),
        ("reference_matches=a_p%25", "red"),
        ("reference_does_not_match=%25pp%25", "white black"),
        ("reference_matches_any=a%25,5%25", "red white"),
        ("reference_matches=apple\\", ""),
        ("reference_matches=50\\%%", "white"),
        ("reference_does_not_match=apple\\", "red green white black"),
        ("reference_lt=B", "green white black"),
        ("reference_gteq=B", "red"),
        ("reference_gt_or_null=B", "red blue"),
        ("reference_null=true", "blue"),
        ("reference_null=false", "red green white black"),
        ("reference_not_null=1", "red green white black"),
        ("reference_not_null=0", "blue"),
        ("reference_blank=true", "blue black"),
        ("reference_blank=false", "red green white"),
        ("reference_present=true", "red green white"),
        ("reference_present=false", "blue black"),
        ("name_or_reference_cont=e", "red green blue white"),
        ("name_or_reference_eq=apple", "red"),
        ('metadata_jcont={"length":5}', "green white black"),
        ('metadata_jcont={"a":{"b":1},"length":3}', "red"),
        ("metadata_present=true", "red green blue white black"),
        ("created_at_gt=2020-01-01", "red green blue white black"),
        ("created_at_lteq=2020-01-01T00:00:00.000Z", ""),
    ],
)
def test_predicates(api: ApiClient, asked: str, found: str) -> None:
    name, _, value = asked.partition("=")
    value = value.replace("%25", "%")
    document = api.document("/api/tags", {f"filter[q][{name}]": value})
    assert {each["attributes"]["name"] for each in document["data"]} == set(found.split())
    assert document["meta"]["record_count"] == len(found.split())


def test_filters_hold_together(api: ApiClient) -> None:
    both = {"filter[q][reference_cont]": "pp", "filter[q][name_start]": "g"}
    (tag,) = api.document("/api/tags", both)["data"]
    assert tag["attributes"]["name"] == "green"


def test_through_relationships_and_back() -> None:
    here, there = shop(), shop("live")
    mug = here.sku("MUG", stock=1)
    done = copied(order_with(here, Line(here.sku()), language_code="it"))
    short = copied(order_with(here, Line(mug, 2)))
    copied(order_with(there, Line(there.sku()), language_code="it"))
    api = ApiClient()

    def found(name: str, value: object, resource: str = "order_copies") -> set[str]:
        return set(api.ids(f"/api/{resource}", {f"filter[q][{name}]": value}))

    assert found("source_order_language_code_eq", "it") == {done.pk}
    assert found("source_order_customer_email_cont", "alice") == {done.pk, short.pk}
    assert found("target_order_id_null", "true") == {short.pk}
    assert found("target_order_id_not_null", "true") == {done.pk}
    assert found("target_order_status_not_eq_or_null", "placed") == {done.pk, short.pk}
    assert found("events_name_eq", "order_copies.fail") == {short.pk}
    assert found("source_order_id_eq", short.source_order_id) == {short.pk}
    assert found("id_in", f"{done.pk},{short.pk},nothing") == {done.pk, short.pk}
    assert found("order_copies_status_eq", "failed", "orders") == {short.source_order_id}
    sources = {done.source_order_id, short.source_order_id}
    assert found("order_copies_order_copy_batch_id_null", "true", "orders") >= sources
    batch = batch_of(done.source_order)
    of_batch = found("order_copies_order_copy_batch_id_eq", batch.pk, "orders")
    assert of_batch == {done.source_order_id}
    assert found("order_copies_status_eq", "pending", "order_copy_batches") == {batch.pk}
    assert found("source_order_customer_id_eq", there.alice.pk) == set()


def test_a_list_knows_its_mode_whatever_is_asked() -> None:
    live = placed_order(shop("live"))
    api = ApiClient("test")
    assert api.ids("/api/orders", {"filter[q][number_eq]": live.number}) == []
    assert api.ids("/api/customers", {"filter[q][email_present]": "true"}) == []
    (copy,) = asked_for(live)
    for address in (f"orders/{live.pk}", f"order_copies/{copy.pk}", f"orders/{live.pk}/events"):
        assert errors_of(api.get(f"/api/{address}")) == [(404, "RECORD_NOT_FOUND", None)]


def test_attributes_that_are_no_columns() -> None:
    here = shop()
    order = placed_order(here)
    order_with(here, customer=None, shipping_address=None)
    api = ApiClient()

    def found(name: str, value: object) -> list[str]:
        return api.ids("/api/orders", {f"filter[q][{name}]": value})

    assert found("country_code_eq", "GB") == [order.pk]
    assert found("total_amount_cents_gt", 0) == [order.pk]
    assert found("placed_at_lt", datetime(2040, 1, 1, tzinfo=UTC).isoformat()) == [order.pk]
    assert found("payment_source_details_present", "true") == [order.pk]
    emails = api.document("/api/customers", {"filter[q][status_eq]": "acquired"})["data"]
    assert [each["id"] for each in emails] == [here.alice.pk]
    assert emails[0]["attributes"]["total_orders_count"] == 1
