"""A copy that somebody else has at this moment: a worker is not waited for, another client is."""

from threading import Timer

import pytest
from django.db.models.functions import Now

from ordercopy.models import FactoryStatus, OrderCopy, OrderFactory
from tests.api_client import ApiClient, errors_of
from tests.copying import asked_for
from tests.factories import placed_order, shop
from tests.races import second_connection

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = "SELECT FROM ordercopy_orderfactory WHERE id = %s FOR NO KEY UPDATE"


@pytest.fixture
def copy() -> OrderCopy:
    return asked_for(placed_order(shop()))[0]


def test_a_copy_that_a_worker_makes_is_locked(copy: OrderCopy) -> None:
    api = ApiClient()
    with second_connection() as worker:
        OrderFactory.objects.filter(pk=copy.pk).update(
            status=FactoryStatus.IN_PROGRESS,
            started_at=Now(),
            claimed_at=Now(),
            claimed_pid=worker.info.backend_pid,
        )
        worker.execute(HOLD, [copy.pk])
        answers = [
            api.update("order_copies", copy.pk, {"_abort": True}),
            api.update("order_copies", copy.pk, {"reference": "mine"}),
            api.delete("order_copies", copy.pk),
        ]
    assert [errors_of(answer) for answer in answers] == [[(423, "LOCKED", None)]] * 3
    said = {answer.json()["errors"][0]["detail"] for answer in answers}
    assert said == {"A worker is making this copy at this moment."}
    assert api.update("order_copies", copy.pk, {"_abort": True}).status_code == 200


def test_what_another_client_writes_is_waited_for(copy: OrderCopy) -> None:
    api = ApiClient()
    with second_connection() as other:
        other.execute(HOLD, [copy.pk])
        Timer(0.2, other.rollback).start()
        answer = api.update("order_copies", copy.pk, {"reference": "mine"})
    assert answer.json()["data"]["attributes"]["reference"] == "mine"


def test_but_not_for_ever(copy: OrderCopy) -> None:
    api = ApiClient()
    with second_connection() as other:
        other.execute(HOLD, [copy.pk])
        answer = api.update("order_copies", copy.pk, {"reference": "mine"})
    assert errors_of(answer) == [(423, "LOCKED", None)]
    assert "worker" not in answer.json()["errors"][0]["detail"]
