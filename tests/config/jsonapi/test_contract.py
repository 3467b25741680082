"""Every served resource is held to its contract: what is missing is named with its reason."""

import pytest

from config import urls  # noqa: F401  (declares all resources)
from config.jsonapi import registry
from config.jsonapi.contract_files import resources_in_contract
from config.jsonapi.resource import Resource
from tests.api_client import ApiClient, errors_of

RESOURCES = {resource.type: resource for resource in registry.registered()}
# This list can only become shorter.
COMING = {
    "event_callbacks",
    "order_subscription_items",
    "order_subscriptions",
    "recurring_order_copies",
    "subscription_models",
    "webhooks",
}


def each_resource() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)


def test_every_resource_of_the_contract_is_served_or_coming() -> None:
    assert RESOURCES.keys() | COMING >= set(resources_in_contract())
    assert not RESOURCES.keys() & COMING
    assert set(resources_in_contract()) >= COMING


@each_resource()
def test_nothing_is_missing_without_a_reason(resource: Resource) -> None:
    contract = resource.contract
    assert resource.left_out.keys() <= {*contract.attributes, *contract.relationships}
    assert all(resource.left_out.values())
    undeclared = contract.relationships.keys() - resource.relations.keys()
    assert undeclared <= resource.left_out.keys()
    assert not resource.relations.keys() & resource.left_out.keys()
    waiting = resource.relations.keys() - resource.relationships.keys()
    for name in waiting:
        assert set(contract.relationships[name].to) & COMING, name


@each_resource()
def test_every_scope_can_be_asked(resource: Resource) -> None:
    assert set(resource.scopes) == set(resource.contract.filter_scopes)


@each_resource()
def test_each_attribute_has_a_place(resource: Resource) -> None:
    columns = {field.name for field in resource.model._meta.concrete_fields} | {"id"}
    for name, facts in resource.attributes.items():
        readable = name in resource.computed or resource.columns.get(name, name) in columns
        assert readable or "fetch" not in facts.flags, f"{name} cannot be read"
        if "filter" in facts.flags or "sort" in facts.flags:
            assert resource.column(name) is not None, f"{name} cannot be filtered or sorted by"
        if {"create", "update"} & facts.flags:
            writable = readable or name in resource.write_only or name in resource.triggers
            assert writable, f"{name} can be sent and is stored nowhere"
        if facts.is_trigger and name not in resource.write_only:
            assert name in resource.triggers, f"{name} does nothing"


@each_resource()
def test_all_that_is_there_is_on_the_wire(resource: Resource) -> None:
    readable = [name for name, facts in resource.attributes.items() if "fetch" in facts.flags]
    assert [name for name, _ in resource.readers(None)] == [n for n in readable if n != "id"]


@pytest.mark.django_db
@each_resource()
def test_filters_sorts_and_includes_are_those_of_the_contract(resource: Resource) -> None:
    if "list" not in resource.actions:
        return
    api = ApiClient()

    def is_allowed(**query: str) -> bool:
        answer = api.get(f"/api/{resource.type}", query)
        assert answer.status_code in {200, 400}, answer.content
        return bool(answer.status_code == 200)

    for name, facts in resource.attributes.items():
        asked = is_allowed(**{f"filter[q][{name}_not_null]": "true"})
        if "filter" in facts.flags:
            assert asked, name
        elif not any(name.startswith(f"{each}_") for each in resource.relationships):
            assert not asked, name  # the others may mean an attribute behind a relationship
        assert is_allowed(sort=name) is ("sort" in facts.flags), name
    for name, relation in resource.relationships.items():
        assert is_allowed(include=name) is relation.includable, name
        sortable = "sort" in relation.flags
        assert is_allowed(sort=name) is sortable, name
        if registry.targets(resource, name):
            asked = is_allowed(**{f"filter[q][{name}_id_not_null]": "true"})
            assert asked is ("filter" in relation.flags), name


@pytest.mark.django_db
@each_resource()
def test_actions_are_those_of_the_contract(resource: Resource) -> None:
    api = ApiClient()
    one = f"/api/{resource.type}/aaaaaaaaaa"
    body = {"data": {"type": resource.type, "id": "aaaaaaaaaa"}}
    asked = {
        "list": api.get(f"/api/{resource.type}"),
        "create": api.send("POST", f"/api/{resource.type}", body),
        "retrieve": api.get(one),
        "update": api.send("PATCH", one, body),
        "delete": api.send("DELETE", one, b""),
    }
    for action, answer in asked.items():
        refused = answer.status_code == 405
        assert refused is not (action in resource.actions), (action, answer.content)


@pytest.mark.django_db
@each_resource()
def test_what_the_contract_does_not_let_be_written_is_refused(resource: Resource) -> None:
    api = ApiClient()
    for name, facts in resource.attributes.items():
        if "create" in resource.actions and "create" not in facts.flags:
            answer = api.create(resource.type, {name: None})
            assert (400, "PARAM_NOT_ALLOWED", f"/data/attributes/{name}") in errors_of(answer)


@pytest.mark.django_db
@each_resource()
def test_relationships_are_only_read(resource: Resource) -> None:
    api = ApiClient()
    for name in resource.relationships:
        address = f"/api/{resource.type}/aaaaaaaaaa/relationships/{name}"
        for method in ("POST", "PATCH", "DELETE"):
            found = errors_of(api.send(method, address, {"data": []}))
            assert found == [(405, "METHOD_NOT_ALLOWED", None)]
