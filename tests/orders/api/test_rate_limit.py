"""How many requests a client may make: counted for all web processes together."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from orders.models import RequestCount
from tests.orders.api.credentials import bearer, code_of, credentials

AGES = 999_999

pytestmark = pytest.mark.urls("tests.orders.api.door")


def ask(token: str) -> Any:
    return Client().get("/api/whoami", headers=bearer(token))


@pytest.fixture
def two_a_long_while(settings: Settings) -> None:
    settings.RATE_LIMITS = {"test": f"2/{AGES}", "live": f"2/{AGES}"}


@pytest.mark.django_db
def test_in_test_mode_there_is_no_limit_unless_somebody_wants_one(settings: Settings) -> None:
    answer = ask(credentials().token())

    assert settings.RATE_LIMITS["test"] == "off"
    assert "X-Ratelimit-Limit" not in answer.headers
    assert "X-Ratelimit-Limit" in ask(credentials(mode="live").token()).headers


@pytest.mark.django_db
@pytest.mark.usefixtures("two_a_long_while")
def test_every_answer_tells_what_is_left_and_the_last_one_when_to_come_again() -> None:
    token = credentials().token()

    answers = [ask(token) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert [answer.headers["X-Ratelimit-Remaining"] for answer in answers] == ["1", "0", "0", "0"]
    assert {answer.headers["X-Ratelimit-Limit"] for answer in answers} == {"2"}
    assert {answer.headers["X-Ratelimit-Interval"] for answer in answers} == {str(AGES)}
    assert code_of(answers[2]) == (429, "THROTTLED")
    assert answers[2].headers["Content-Type"] == "application/vnd.api+json"
    assert 0 < int(answers[2].headers["Retry-After"]) <= AGES


@pytest.mark.django_db
@pytest.mark.usefixtures("two_a_long_while")
def test_each_client_has_a_count_of_its_own_and_nobody_else_is_counted() -> None:
    one, another = credentials().token(), credentials().token()
    for _ in range(3):
        ask(one)

    assert ask(another).status_code == 200
    assert code_of(ask("nonsense")) == (401, "INVALID_TOKEN")
    assert credentials().token()
    assert RequestCount.objects.count() == 2


@pytest.mark.django_db
def test_a_new_interval_begins_a_new_count(settings: Settings) -> None:
    settings.RATE_LIMITS = {"test": f"1/{AGES}", "live": "off"}
    token = credentials().token()
    assert [ask(token).status_code for _ in range(2)] == [200, 429]

    RequestCount.objects.update(interval_started_at="2020-01-01T00:00Z")

    assert ask(token).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_threads_with_connections_of_their_own_share_one_count(settings: Settings) -> None:
    settings.RATE_LIMITS = {"test": f"20/{AGES}", "live": "off"}
    token = credentials().token()

    def ask_often(_thread: int) -> list[int]:
        try:
            return [ask(token).status_code for _ in range(15)]
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        statuses = list(chain.from_iterable(threads.map(ask_often, range(3))))

    assert sorted(statuses) == [200] * 20 + [429] * 25


@pytest.mark.django_db(transaction=True)
def test_a_second_later_a_client_that_was_too_fast_is_answered(settings: Settings) -> None:
    settings.RATE_LIMITS = {"test": "1/1", "live": "off"}
    token = credentials().token()
    while ask(token).status_code == 200:
        pass

    time.sleep(1.05)

    assert ask(token).status_code == 200
