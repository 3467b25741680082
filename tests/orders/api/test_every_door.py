"""Every address × every method × every kind of token: who is let in, and who is not."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from config.jsonapi import registry
from config.jsonapi.resource import Resource
from config.jsonapi.urls import NO_METHOD
from config.jsonapi.views import ResourceView
from orders.api.permissions import WRITABLE_BY_SALES_CHANNELS, may, may_write
from orders.models import ClientRecord, Market
from orders.models.api_client import ApiClient
from orders.oauth import tokens
from tests.api_client import MEDIA_TYPE
from tests.orders.api.credentials import KINDS, Credentials, bearer, code_of, credentials
from tests.worlds import world

pytestmark = pytest.mark.django_db

LET_IN = "let in"
NOBODY = "UNAUTHORIZED"
SPOILT = "INVALID_TOKEN"


@dataclass(frozen=True)
class Door:
    """A method at an address, and what a client has to be allowed for it: (action, resource).

    Where a relationship may lead to several resources, to be allowed one of ``beyond`` is enough.
    """

    method: str
    address: str
    needs: tuple[str, str]
    body: dict[str, Any] | None = None
    beyond: tuple[tuple[str, str], ...] = ()

    def ask(self, token: str | None) -> Any:
        return Client().generic(
            self.method,
            self.address,
            json.dumps(self.body) if self.body else "",
            content_type=MEDIA_TYPE,
            headers={"Accept": MEDIA_TYPE, **({} if token is None else bearer(token))},
        )

    def answers(self, token: str | None) -> str:
        """Whether somebody is let in; else the code of the refusal."""
        answer = self.ask(token)
        assert answer.status_code != 403
        assert answer.status_code < 500, (self, answer.content)
        if answer.status_code != 401:
            return LET_IN
        status, code = code_of(answer)
        assert status == 401
        return code

    def is_open_to(self, kind: str) -> bool:
        return may(kind, *self.needs) and (
            not self.beyond or any(may(kind, *each) for each in self.beyond)
        )


def doors_of(resource: Resource, pk: str) -> Iterator[Door]:
    base, here = f"/api/{resource.type}", resource.type
    one = f"{base}/{pk}"
    new = {"data": {"type": here}}
    known = {"data": {"type": here, "id": pk}}
    doors = {
        "list": Door("GET", base, ("list", here)),
        "create": Door("POST", base, ("create", here), new),
        "retrieve": Door("GET", one, ("retrieve", here)),
        "update": Door("PATCH", one, ("update", here), known),
        "delete": Door("DELETE", one, ("delete", here)),
    }
    yield from (door for action, door in doors.items() if action in resource.actions)
    if resource.singleton:
        yield Door("GET", f"/api/{resource.singleton}", ("retrieve", here))
    for name in resource.relationships if resource.stored else ():
        addresses = [f"{one}/{name}", f"{one}/relationships/{name}"]
        if resource.singleton:
            addresses.append(f"/api/{resource.singleton}/{pk}/{name}")
        beyond = tuple(_beyond(resource, name))
        yield from (Door("GET", each, ("retrieve", here), beyond=beyond) for each in addresses)


def _beyond(resource: Resource, name: str) -> Iterator[tuple[str, str]]:
    many = resource.relationships[name].many
    for target in registry.targets(resource, name):
        yield "list" if many and "list" in target.actions else "retrieve", target.type


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Django tells of every refusal, and there are thousands."""
    caplog.set_level(logging.ERROR, logger="django.request")


@pytest.fixture
def doors() -> list[Door]:
    ids = world("test")
    return [
        door
        for resource in registry.registered()
        for door in doors_of(resource, ids.get(resource.type) or _only(resource))
    ]


def _only(resource: Resource) -> str:
    """The id of what is not in a world: the only one of its kind, or none at all."""
    row = resource.model._default_manager.first() if resource.stored else None
    return str(row.pk) if row else "aaaaaaaaaa"


def test_these_are_all_the_doors_that_there_are(doors: list[Door]) -> None:
    known = {(resolve(door.address).route, door.method) for door in doors}
    there = set(_served(get_resolver()))
    lead_nowhere = {
        (resolve(f"/api/{resource.type}/x/{rest}").route, "GET")
        for resource in registry.registered()
        for rest in ("x", "relationships/x")
        if not resource.relationships
    }

    assert there - known == lead_nowhere
    assert known <= there


def _served(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from _served(pattern, route)
        elif _is_resource(pattern) and pattern.callback.actions != NO_METHOD:  # type: ignore[attr-defined]
            methods = pattern.callback.actions.keys() - {"head"}  # type: ignore[attr-defined]
            yield from ((route, method.upper()) for method in methods)


def _is_resource(pattern: URLPattern) -> bool:
    return getattr(pattern.callback, "cls", None) is ResourceView


def test_nobody_gets_in_without_a_good_token(doors: list[Door]) -> None:
    someone = credentials()
    expired, revoked = _expired(someone), someone.token()
    tokens.revoke(tokens.read(revoked))

    for door in doors:
        assert door.answers(None) == NOBODY, door
        assert door.answers(expired) == SPOILT, door
        assert door.answers(revoked) == SPOILT, door


def _expired(of: Credentials) -> str:
    return tokens.issue(of.client, scope="", at=timezone.now() - timedelta(hours=3))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gets_in_where_it_may(kind: str, doors: list[Door]) -> None:
    token = _of_everything(kind).token()
    is_open = partial(Door.is_open_to, kind=kind)
    # What is deleted is not there for those after it.
    doors.sort(key=lambda door: (door.method == "DELETE", not is_open(door)))

    for door in doors:
        assert door.answers(token) == (LET_IN if is_open(door) else NOBODY), door


def _of_everything(kind: str) -> Credentials:
    """A client to whom, as a sales channel, everything belongs that could."""
    if kind != ApiClient.Kind.SALES_CHANNEL:
        return credentials(kind)
    found = credentials(kind, market=Market.objects.filter(mode="test").first())
    ClientRecord.objects.bulk_create(
        ClientRecord(client=found.client, resource_type=resource.type, resource_id=row.pk)
        for resource in registry.registered()
        if resource.stored and may(kind, "update", resource.type)
        for row in resource.model._default_manager.all()
    )
    return found


def test_a_refused_request_has_changed_nothing(doors: list[Door]) -> None:
    token = credentials("sales_channel", market=Market.objects.first()).token()
    shut = [door for door in doors if not door.is_open_to("sales_channel")]
    assert any(door.method == "DELETE" for door in shut)
    before = _everything()

    for door in shut:
        door.ask(token)

    assert _everything() == before


def _everything() -> dict[str, set[str]]:
    return {
        resource.type: set(
            resource.model._default_manager.values_list("pk", "updated_at", named=False)
        )
        for resource in registry.registered()
        if resource.stored
    }


def test_a_sales_channel_writes_what_it_may_and_nothing_else() -> None:
    world("test")
    token = _of_everything("sales_channel").token()
    for resource in registry.registered():
        if not may("sales_channel", "create", resource.type):
            continue
        assert resource.type in WRITABLE_BY_SALES_CHANNELS
        for where, known in (
            ("attributes", resource.attributes),
            ("relationships", resource.relationships),
        ):
            for name in (each for each, facts in known.items() if "create" in facts.flags):
                body = {"data": {"type": resource.type, where: {name: None}}}
                door = Door("POST", f"/api/{resource.type}", ("create", resource.type), body)
                allowed = may_write("sales_channel", resource.type, name)
                assert door.answers(token) == (LET_IN if allowed else NOBODY), (resource, name)
