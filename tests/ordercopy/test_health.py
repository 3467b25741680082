"""What `/healthz` tells whatever watches the shop."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from ordercopy.models import OrderFactory
from tests.copying import asked_for
from tests.factories import Line, order_with, shop
from tests.processes import workers

pytestmark = pytest.mark.django_db


def health() -> dict[str, Any]:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    document = answer.json()
    assert isinstance(document, dict)
    return document


def beat(*, seconds_ago: int) -> None:
    """Let there be a worker that was heard of so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)",
            [timezone.now() - timedelta(seconds=seconds_ago)],
        )


def wait(*, seconds: int) -> None:
    """Let there be a copy that has waited for so long."""
    here = shop()
    (copy, *_) = asked_for(order_with(here, Line(here.sku())))
    then = timezone.now() - timedelta(seconds=seconds)
    OrderFactory.objects.filter(pk=copy.pk).update(updated_at=then)


def test_a_worker_and_nothing_that_waits_is_well() -> None:
    beat(seconds_ago=5)

    assert health() == {
        "status": "ok",
        "database": True,
        "workers_alive": 1,
        "oldest_waiting_copy_seconds": None,
    }


def test_a_worker_that_was_not_heard_of_for_long_is_not_alive() -> None:
    beat(seconds_ago=60)

    assert (health()["status"], health()["workers_alive"]) == ("degraded", 0)


@pytest.mark.parametrize(("seconds", "status"), [(10, "ok"), (1_000, "degraded")])
def test_how_long_the_oldest_copy_waits_is_told(seconds: int, status: str) -> None:
    beat(seconds_ago=1)
    wait(seconds=seconds)
    wait(seconds=1)

    told = health()

    assert told["status"] == status
    assert seconds <= told["oldest_waiting_copy_seconds"] < seconds + 30


def test_who_watches_only_looks() -> None:
    assert Client().post("/healthz").status_code == 405
    assert Client().head("/healthz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_is_seen() -> None:
    with workers(1):
        give_up_at = time.monotonic() + 10
        while not health()["workers_alive"] and time.monotonic() < give_up_at:
            time.sleep(0.1)

        assert health()["workers_alive"] == 1
