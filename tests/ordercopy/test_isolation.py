"""What goes wrong with one copy of a batch is that copy's affair alone."""

import logging

import pytest
from django.db import connection

from ordercopy.engine.running import MOST_TAKEUPS
from ordercopy.models import FactoryStatus, OrderFactory
from orders.models import Order
from tests.copying import asked_for, copied, errors_of, messages_of, run
from tests.factories import Line, order_with, shop

pytestmark = pytest.mark.django_db


def refuse_copies_of(source: Order) -> None:
    """Let the database refuse them, as it would a row that breaks one of its rules."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE orders_order ADD CONSTRAINT refused CHECK "
            "(copied_from_id IS DISTINCT FROM %s)",
            [source.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_only_the_culprit_fails(caplog: pytest.LogCaptureFixture) -> None:
    here = shop()
    sources = [order_with(here, Line(here.sku())) for _ in range(5)]
    refuse_copies_of(sources[2])

    copies = run([asked_for(source)[0] for source in sources])

    statuses = [copy.status for copy in copies]
    assert statuses == ["completed", "completed", "failed", "completed", "completed"]
    assert OrderFactory.objects.filter(target_order__isnull=False).count() == 4


def test_the_message_leads_to_the_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    refuse_copies_of(source)

    with caplog.at_level(logging.ERROR):
        copy = copied(source)

    (error,) = errors_of(copy)
    assert (error.code, error.key) == ("internal", "base")
    reference = error.message.removeprefix("unexpected error ")
    (record,) = [r for r in caplog.records if reference in r.getMessage()]
    assert record.exc_info is not None
    assert "refused" in str(record.exc_info[1])


def test_a_copy_that_kills_its_workers_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    here = shop()
    (copy,) = asked_for(order_with(here, Line(here.sku())))
    OrderFactory.objects.filter(pk=copy.pk).update(takeups=MOST_TAKEUPS)

    (copy,) = run([copy])

    assert copy.status == FactoryStatus.FAILED
    assert messages_of(copy)[0].startswith("unexpected error ")
    assert f"taken up {MOST_TAKEUPS} times" in caplog.text
