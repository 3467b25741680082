"""A POST with an ``Idempotency-Key`` is done once, whatever happens to its sender or to us."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from orders.models import IdempotentRequest, Tag
from tests.orders.api import door
from tests.orders.api.credentials import bearer, code_of, credentials

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.orders.api.door")]


def post(token: str, key: str | None = "key-1", *, name: str = "red", query: str = "") -> Any:
    return Client(raise_request_exception=False).post(
        f"/api/tags{query}",
        {"name": name},
        content_type="application/json",
        headers={**bearer(token), **({"Idempotency-Key": key} if key else {})},
    )


@pytest.fixture
def token() -> str:
    return credentials().token()


@pytest.fixture(autouse=True)
def _undisturbed() -> Iterator[None]:
    yield
    door.Door.before = door.Door.after = None


def test_the_second_request_gets_the_first_answer(token: str) -> None:
    first, second = post(token), post(token)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Tag.objects.count() == 1


def test_a_refusal_is_an_answer_too(token: str) -> None:
    first, second = post(token, name=""), post(token, name="")

    assert first.status_code == second.status_code >= 400
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.content == first.content


def test_a_key_belongs_to_the_request_it_came_with(token: str) -> None:
    post(token)

    for changed in (post(token, name="blue"), post(token, query="?include=x")):
        assert code_of(changed) == (422, "VALIDATION_ERROR")
        assert changed.headers["Content-Type"] == "application/vnd.api+json"
    assert Tag.objects.count() == 1


def test_other_clients_and_the_other_mode_have_keys_of_their_own(token: str) -> None:
    answers = [
        post(token),
        post(credentials().token(), name="blue"),
        post(credentials(mode="live").token()),
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert Tag.objects.count() == 3


def test_without_a_key_every_request_is_another(token: str) -> None:
    answers = [post(token, key=None, name=name) for name in ("red", "blue")]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert not IdempotentRequest.objects.exists()


def test_a_key_is_forgotten_after_a_day(token: str) -> None:
    post(token, key="old")
    post(token, key="key-1", name="blue")
    a_day_ago = timezone.now() - timedelta(hours=24, seconds=1)
    IdempotentRequest.objects.update(created_at=a_day_ago)

    again = post(token, key="key-1", name="green")

    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again.headers
    assert [request.key for request in IdempotentRequest.objects.all()] == ["key-1"]


@pytest.mark.parametrize("key", ["", "with space", "é", "x" * 256])
def test_a_key_that_cannot_be_kept_is_refused(token: str, key: str) -> None:
    answer = Client().post("/api/tags", headers={**bearer(token), "Idempotency-Key": key})

    assert code_of(answer) == (400, "BAD_REQUEST")


def test_without_a_good_token_a_key_opens_nothing(token: str) -> None:
    post(token)

    assert code_of(post("nonsense")) == (401, "INVALID_TOKEN")


def test_tokens_are_handed_out_without_regard_to_keys() -> None:
    mine = credentials()
    answers = [
        Client().post("/oauth/token", mine.parameters, headers={"Idempotency-Key": "key-1"}).json()
        for _ in range(2)
    ]

    assert answers[0]["access_token"] != answers[1]["access_token"]


@pytest.mark.django_db(transaction=True)
def test_one_of_three_at_the_same_time_is_done(token: str) -> None:
    together = threading.Barrier(3)

    def send(key: str) -> int:
        try:
            together.wait()
            status: int = post(token, key, name=key).status_code
        finally:
            connection.close()
        return status

    for number in range(20):
        with ThreadPoolExecutor(3) as threads:
            statuses = sorted(threads.map(send, [f"key-{number}"] * 3))
        assert statuses[0] == 201
        assert set(statuses) <= {201, 409}
    assert Tag.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_running_the_second_is_told_so_at_once(token: str) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        assert may_end.wait(20)

    def send() -> Any:
        try:
            return post(token)
        finally:
            connection.close()

    door.Door.after = wait
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(send)
        assert begun.wait(20)
        second = post(token)
        may_end.set()

    assert code_of(second) == (409, "CONFLICT")
    assert first.result().status_code == 201
    assert post(token).content == first.result().content


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_request_whose_process_died_leaves_nothing_and_can_be_made_again(
    token: str, when: str
) -> None:
    setattr(door.Door, when, staticmethod(door.drop_the_connection))
    assert post(token).status_code == 503
    connection.close()
    assert not Tag.objects.exists()

    door.Door.before = door.Door.after = None

    assert post(token).status_code == 201
    assert Tag.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_unexpected_error_leaves_nothing_and_is_not_the_last_word(token: str) -> None:
    def crash() -> None:
        raise RuntimeError("a bug")

    door.Door.after = crash
    assert post(token).status_code == 500
    assert not Tag.objects.exists()

    door.Door.after = None

    assert post(token).status_code == 201
