"""Test and live data are two worlds: no list, address, include, filter or reference joins them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.jsonapi import registry
from config.jsonapi.relations import Relation, Through
from config.jsonapi.resource import Resource
from orders.models import Order, Sku, Tag
from tests.api_client import ApiClient, errors_of
from tests.factories import Line, order_with, shop
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["test", "live"])
def test_nothing_of_the_other_world_is_seen(mode: str) -> None:
    other = "live" if mode == "test" else "test"
    mine, theirs = world(mode), world(other)
    api = ApiClient(mode)
    resources = [
        each
        for each in registry.registered()
        if each.has_mode and each.stored and each.type != "applications"  # they see only themselves
    ]
    assert {each.type for each in resources} == mine.keys()
    for resource in resources:
        base = f"/api/{resource.type}"
        assert api.get(f"{base}/{mine[resource.type]}").status_code == 200
        if "list" in resource.actions:
            ids = api.ids(base, {"page[size]": 25})
            assert mine[resource.type] in ids
            assert theirs[resource.type] not in ids
        foreign = f"{base}/{theirs[resource.type]}"
        addresses = [foreign] + [
            f"{foreign}{kind}/{name}"
            for kind, name in product(("", "/relationships"), resource.relationships)
        ]
        for address in addresses:
            assert errors_of(api.get(address)) == [(404, "RECORD_NOT_FOUND", None)], address
        body = {"data": {"type": resource.type, "id": theirs[resource.type]}}
        for action, method in (("update", "PATCH"), ("delete", "DELETE")):
            if action in resource.actions:
                assert api.send(method, foreign, body).status_code == 404


def test_even_rows_that_point_across_show_nothing() -> None:
    """The shop never makes such rows; if something did, the API would still not tell."""
    test, live = shop("test"), shop("live")
    order = order_with(test, Line(test.sku()))
    Order.objects.filter(pk=order.pk).update(customer=live.alice)
    order.tags.add(Tag.objects.create(mode="live", name="secret"))
    api = ApiClient("test")

    document = api.document(f"/api/orders/{order.pk}", {"include": "customer,tags"})
    assert document["included"] == []
    assert document["data"]["relationships"]["customer"]["data"] is None
    assert api.document(f"/api/orders/{order.pk}/customer")["data"] is None
    assert api.document(f"/api/orders/{order.pk}/tags")["data"] == []
    assert api.document(f"/api/orders/{order.pk}/relationships/customer")["data"] is None
    for name, value in (("customer_email_eq", live.alice.email), ("tags_name_eq", "secret")):
        assert api.ids("/api/orders", {f"filter[q][{name}]": value}) == []


@dataclass(frozen=True)
class Bridge:
    """A relationship of a resource in one mode, and something in the other that it may lead to."""

    resource: Resource
    name: str
    relation: Relation
    target: Resource

    def build(self, mine: str, theirs: str) -> bool:
        """Let stored rows point across; answers False where the database does not let them."""
        try:
            with transaction.atomic():
                self._point(mine, theirs)
        except IntegrityError:
            return False
        return True

    def _point(self, mine: str, theirs: str) -> None:
        relation = self.relation
        if isinstance(relation, Through):
            relation.join.objects.create(**{relation.mine: mine, relation.its: theirs})
        elif relation.there == "pk":
            self.resource.model._default_manager.filter(pk=mine).update(**{relation.here: theirs})
        else:
            row = self.resource.model._default_manager.get(pk=mine)
            where = {
                name.removesuffix("__in"): value[0] if name.endswith("__in") else value
                for name, value in relation.where.items()
            }
            self.target.model._default_manager.filter(pk=theirs).update(
                **{relation.there: getattr(row, relation.here)}, **where
            )


def bridges() -> Iterator[Bridge]:
    for resource in registry.registered():
        for name in resource.relationships if resource.has_mode and resource.stored else ():
            for relation, targets in registry.tables(resource, name):
                if _is_stored(relation):
                    yield from (
                        Bridge(resource, name, relation, target)
                        for target in targets
                        if target.has_mode
                    )


def _is_stored(relation: Relation) -> bool:
    """Whether a column or a pair says it; the others follow from what such columns say."""
    if isinstance(relation, Through):
        return "__" not in relation.its
    return "__" not in relation.there and relation.here != relation.there


def test_no_row_that_points_across_is_shown_by_any_way() -> None:
    """Every relationship of every resource: alone, related, included, and asked for by a filter."""
    mine, theirs = world("test"), world("live")
    api, built = ApiClient("test"), 0
    for bridge in bridges():
        here, there = mine[bridge.resource.type], theirs[bridge.target.type]
        base = f"/api/{bridge.resource.type}"
        facts = bridge.resource.relationships[bridge.name]
        addresses = [f"{base}/{here}", f"{base}/{here}/{bridge.name}"]
        addresses.append(f"{base}/{here}/relationships/{bridge.name}")
        if facts.includable:
            addresses.append(f"{base}/{here}?include={bridge.name}")
        before = transaction.savepoint()
        if bridge.build(here, there):
            built += 1
            for address in addresses:
                answer = api.get(address)
                assert answer.status_code == 200, answer.content
                assert there not in answer.content.decode(), address
            if "filter" in facts.flags and "list" in bridge.resource.actions:
                found = api.ids(base, {f"filter[q][{bridge.name}_id_eq]": there})
                assert found == [], bridge
        transaction.savepoint_rollback(before)
    assert built > 50


def test_no_body_names_anything_of_the_other_world() -> None:
    theirs = world("live")
    mine = world("test")
    api = ApiClient("test")
    for resource in registry.registered():
        for name, facts in resource.relationships.items():
            for target in (each for each in registry.targets(resource, name) if each.has_mode):
                foreign: Any = (target.type, theirs[target.type])
                given = {name: [foreign] if facts.many else foreign}
                answers = []
                if "create" in facts.flags and "create" in resource.actions:
                    answers.append(api.create(resource.type, **given))
                if "update" in facts.flags and "update" in resource.actions and resource.has_mode:
                    answers.append(api.update(resource.type, mine[resource.type], **given))
                for answer in answers:
                    refused = (422, "VALIDATION_ERROR", f"/data/relationships/{name}")
                    assert refused in errors_of(answer), (resource.type, name)


def test_no_verb_takes_an_id_of_the_other_world() -> None:
    mine, theirs = world("test"), world("live")
    api, tried = ApiClient("test"), set()
    for resource in registry.registered():
        for name, facts in resource.attributes.items():
            if not (name.startswith("_") and name.endswith("_id") and "update" in facts.flags):
                continue
            tried.add(name)
            for pk in theirs.values():
                answer = api.update(resource.type, mine[resource.type], {name: pk})
                refused = (422, "VALIDATION_ERROR", f"/data/attributes/{name}")
                assert refused in errors_of(answer), (resource.type, name)
    assert tried >= {"_billing_address_clone_id", "_customer_payment_source_id"}


def test_references_are_resolved_in_the_callers_world() -> None:
    live = shop("live")
    sku = Sku.objects.get(pk=live.sku().pk)
    test = shop("test")
    api = ApiClient("test")
    stock = test.stock(test.sku(stock=None), 1)
    answer = api.update("stock_items", stock.pk, sku=("skus", sku))
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/relationships/sku")]
    answer = api.update("stock_items", stock.pk, {"sku_code": sku.code})
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/attributes/sku_code")]
    order = order_with(test, Line(test.sku()))
    answer = api.update("orders", order.pk, customer=("customers", live.alice))
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/relationships/customer")]
