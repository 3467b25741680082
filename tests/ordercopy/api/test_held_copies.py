"""A copy that a worker holds at this moment: nobody waits for it, and nothing is changed."""

import pytest

from tests.api_client import ApiClient, errors_of
from tests.copying import asked_for
from tests.factories import placed_order, shop
from tests.races import second_connection

HOLD = "SELECT FROM ordercopy_orderfactory WHERE id = %s FOR NO KEY UPDATE"


@pytest.mark.django_db(transaction=True)
def test_a_held_copy_is_locked() -> None:
    (copy,) = asked_for(placed_order(shop()))
    api = ApiClient()
    with second_connection() as worker:
        worker.execute(HOLD, [copy.pk])
        answers = [
            api.update("order_copies", copy.pk, {"_abort": True}),
            api.update("order_copies", copy.pk, {"reference": "mine"}),
            api.delete("order_copies", copy.pk),
        ]
    assert [errors_of(answer) for answer in answers] == [[(423, "LOCKED", None)]] * 3
    assert api.update("order_copies", copy.pk, {"_abort": True}).status_code == 200
