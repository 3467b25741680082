"""Every request has a name: on its answer, and on every line of the log that it caused."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from config.json_logs import JsonFormatter
from config.jsonapi import views
from config.jsonapi.request_ids import RequestIdFilter
from tests.api_client import ApiClient
from tests.config.conftest import Command
from tests.orders.api.conftest import _signing_key

pytestmark = pytest.mark.django_db

__all__ = ["_signing_key"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What LOG_FORMAT=json shows on the terminal."""
    shown = io.StringIO()
    handler = logging.StreamHandler(shown)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)
    yield shown
    logging.getLogger().removeHandler(handler)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("address", "status"),
    [("/api/orders", 401), ("/api/nothing", 401), ("/healthz", 200), ("/admin/", 302)],
)
def test_an_answer_carries_the_name_that_its_log_line_has(
    address: str, status: int, log: io.StringIO
) -> None:
    answer = Client().get(address, {"filter[q][customer_email_eq]": "alice@example.com"})

    (line,) = lines(log)
    assert line["request_id"] == answer["X-Request-Id"]
    assert line["message"].startswith(f"GET {address} {status} in ")
    assert (line["method"], line["path"], line["status"]) == ("GET", address, status)
    assert line["milliseconds"] >= 0
    assert line["time"].endswith("+00:00")
    assert "alice" not in log.getvalue()


def test_two_requests_have_two_names() -> None:
    assert Client().get("/healthz")["X-Request-Id"] != Client().get("/healthz")["X-Request-Id"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("order-sync:2026.11.21", True),
        ("short", False),
        ("two\nlines of a log", False),
        ("x" * 129, False),
    ],
)
def test_a_client_names_its_requests_itself_unless_that_does_harm(given: str, taken: bool) -> None:
    name = Client().get("/healthz", headers={"X-Request-Id": given})["X-Request-Id"]

    assert (name == given) is taken


def test_a_line_cannot_be_forged_through_an_address(log: io.StringIO) -> None:
    Client().get("/api/x%0AERROR everything is lost")

    (line,) = lines(log)
    assert "\n" not in line["message"]
    assert line["path"] == "/api/x%0AERROR%20everything%20is%20lost"


def test_a_crash_is_found_in_the_log_by_the_name_on_its_answer(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("of all things")

    monkeypatch.setattr(views, "listed", crash)
    answer = ApiClient().get("/api/orders")

    assert answer.status_code == 500
    told = [line for line in lines(log) if line["request_id"] == answer["X-Request-Id"]]
    by_action = {line["action"]: line for line in told if "action" in line}
    assert "of all things" in by_action["api_crashed"]["exception"]
    assert by_action["answered"]["status"] == 500


@pytest.mark.parametrize("form", ["line", "json"])
def test_the_log_has_the_form_that_is_asked_for(form: str, manage: Command) -> None:
    said = "import logging; logging.getLogger('x').warning('so it goes', extra={'copy': 'abc'})"
    ended = manage("shell", "--no-imports", "-c", said, LOG_FORMAT=form)

    assert ended.returncode == 0, ended.stderr
    (line,) = [each for each in ended.stderr.splitlines() if "so it goes" in each]
    if form == "json":
        assert json.loads(line)["copy"] == "abc"
    else:
        assert line.endswith("WARNING x [-] so it goes")
