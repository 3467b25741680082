"""While the database is out of reach, whoever asks is told to come back, and why is in the log."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings

from orders.statements import execute
from tests.api_client import ApiClient, errors_of
from tests.orders.api.credentials import Credentials, credentials

pytestmark = pytest.mark.django_db(transaction=True)

GONE = (503, "SERVICE_UNAVAILABLE", None)


@pytest.fixture
def api() -> ApiClient:
    return ApiClient()


@pytest.fixture
def mine() -> Credentials:
    return credentials()


@pytest.fixture
def out_of_reach(
    api: ApiClient, mine: Credentials, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The settings name a server where nobody listens; clients are known from before."""
    connection.close()
    elsewhere = {"HOST": "127.0.0.1", "PORT": "1", "EMBEDDED_FOLDER": None}
    with monkeypatch.context() as settings:
        for name, value in elsewhere.items():
            settings.setitem(connection.settings_dict, name, value)
        settings.setattr(connection, "embedded", None)
        yield
    connection.close()


@pytest.mark.usefixtures("out_of_reach")
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "key-1"}])
def test_the_api_asks_to_come_back(
    api: ApiClient, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    body: Any = {"data": {"type": "tags", "attributes": {"name": "red"}}}

    with caplog.at_level(logging.ERROR):
        answer = api.send("POST", "/api/tags", body, **headers)

    assert errors_of(answer) == [GONE]
    assert answer.headers["Retry-After"] == "5"
    (error,) = answer.json()["errors"]
    assert error["meta"]["request_id"] == answer.headers["X-Request-Id"]
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.usefixtures("out_of_reach")
def test_so_does_the_limit_of_requests(api: ApiClient) -> None:
    with override_settings(RATE_LIMITS={"test": "10/10", "live": "10/10"}):
        assert errors_of(api.get("/api/tags")) == [GONE]


@pytest.mark.usefixtures("out_of_reach")
def test_tokens_are_had_again_later(mine: Credentials) -> None:
    client = Client(raise_request_exception=False)

    answer = client.post("/oauth/token", mine.parameters, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.usefixtures("out_of_reach")
def test_health_says_so_and_pages_are_not_there() -> None:
    client = Client(raise_request_exception=False)

    client.cookies["sessionid"] = "of-somebody-who-was-logged-in-before"

    health, page = client.get("/healthz"), client.get("/admin/")

    assert (health.status_code, health.json()) == (503, {"status": "down", "database": False})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")


def test_a_statement_that_is_too_slow_is_our_mistake(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any) -> None:
        execute("SET statement_timeout = 1; SELECT pg_sleep(1)")

    monkeypatch.setattr("config.jsonapi.views.listed", slow)

    answer = api.get("/api/tags")

    execute("RESET statement_timeout")
    assert errors_of(answer) == [(500, "INTERNAL_SERVER_ERROR", None)]
