"""A copy is one worker's at a time; after a crash it is anybody's at once."""

import threading
import time

import pytest
from django.db import connection

from ordercopy.engine.claiming import FEW, claim, hold, release
from ordercopy.engine.running import run_claimed
from ordercopy.models import OrderCopy, OrderFactory
from ordercopy.working import run_in_batches
from orders.models import Event, Order
from orders.statements import execute
from tests.copying import asked_for
from tests.factories import Line, order_with, shop
from tests.races import second_connection

pytestmark = pytest.mark.django_db(transaction=True)


def claimed_by_somebody_who_crashed(copies: list[OrderCopy]) -> None:
    """Claim the copies on a connection that is gone afterwards."""
    copy_ids = [copy.pk for copy in copies]

    def claim_and_die() -> None:
        assert claim(worker="crashed", limit=100, copy_ids=copy_ids) == copy_ids
        connection.close()

    thread = threading.Thread(target=claim_and_die)
    thread.start()
    thread.join()
    pid = OrderFactory.objects.get(pk=copy_ids[0]).claimed_pid
    while execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]):
        time.sleep(0.01)  # the server is still clearing up


def batches_of_the_next_worker() -> list[list[str]]:
    """Let a worker run everything that it gets; answers the ids that it claimed, claim by claim."""
    batches = []
    while claimed := claim(worker="next", limit=100):
        batches.append(claimed)
        run_claimed(claimed, worker="next")
    return batches


def copies_of_new_orders(count: int, **options: object) -> list[OrderCopy]:
    here = shop()
    tea = here.sku(stock=1000)
    return [asked_for(order_with(here, Line(tea)), **options)[0] for _ in range(count)]


def test_what_one_worker_has_claimed_no_other_gets() -> None:
    copies = copies_of_new_orders(2)
    claim(worker="first", limit=100)

    others: list[list[str]] = []

    def claim_too() -> None:
        others.append(claim(worker="second", limit=100))
        connection.close()

    thread = threading.Thread(target=claim_too)
    thread.start()
    thread.join()

    assert others == [[]]
    assert {OrderCopy.objects.get(pk=copy.pk).worker for copy in copies} == {"first"}


def test_the_copies_of_a_crashed_worker_are_taken_up_at_once_a_few_at_a_time() -> None:
    copies = copies_of_new_orders(FEW + 2)
    claimed_by_somebody_who_crashed(copies)

    assert batches_of_the_next_worker() == [
        [copy.pk for copy in copies[:FEW]],
        [copy.pk for copy in copies[FEW:]],
    ]
    assert {OrderCopy.objects.get(pk=copy.pk).takeups for copy in copies} == {2}


def test_what_crashed_twice_is_taken_up_alone() -> None:
    copies = copies_of_new_orders(3)
    claimed_by_somebody_who_crashed(copies)
    claimed_by_somebody_who_crashed(copies)
    held = OrderFactory.objects.values_list("status", "takeups", "worker").distinct()
    assert list(held) == [("in_progress", 2, "crashed")]

    assert batches_of_the_next_worker() == [[copy.pk] for copy in copies]


def test_a_crash_leaves_no_trace_in_what_comes_out() -> None:
    copies = copies_of_new_orders(1)
    claimed_by_somebody_who_crashed(copies)
    started_at = OrderCopy.objects.get().started_at

    list(run_in_batches(worker="next"))

    copy = OrderCopy.objects.get()
    assert (copy.status, copy.attempt, copy.errors_count) == ("completed", 1, 0)
    assert copy.started_at == started_at
    assert Event.objects.filter(name="order_copies.start").count() == 1


def test_what_a_connection_dropped_it_takes_up_again_when_it_comes_back_for_more() -> None:
    (copy,) = copies_of_new_orders(1)
    claim(worker="worker", limit=100)

    assert claim(worker="worker", limit=100) == [copy.pk]


def test_what_was_aborted_between_claim_and_work_is_dropped() -> None:
    first, second = copies_of_new_orders(2)
    claimed = claim(worker="worker", limit=100)
    OrderFactory.objects.filter(pk=first.pk).update(
        status="aborted", aborted_at="2030-01-01T00:00Z"
    )

    ended = run_claimed(claimed, worker="worker")

    assert [copy.id for copy in ended] == [second.pk]
    assert OrderCopy.objects.get(pk=first.pk).target_order is None


def test_a_claimed_copy_outlasts_a_lock_of_an_instant() -> None:
    """Other workers' claims take such locks on rows that they read while they were pending."""
    (copy,) = copies_of_new_orders(1)
    claimed = claim(worker="owner", limit=100)

    with second_connection() as other:
        lock = "SELECT FROM ordercopy_orderfactory WHERE id = %s FOR NO KEY UPDATE"
        other.execute(lock, [copy.pk])
        let_go = threading.Timer(0.3, other.rollback)
        let_go.start()
        ended = run_claimed(claimed, worker="owner")
        let_go.join()

    assert [each.id for each in ended if each.completes] == [copy.pk]


def test_nobody_works_on_what_somebody_else_has_claimed() -> None:
    copies = copies_of_new_orders(1)
    claimed_by_somebody_who_crashed(copies)

    assert hold([copies[0].pk]) == []


def test_what_is_released_waits_as_before() -> None:
    copies_of_new_orders(1)
    release(claim(worker="worker", limit=100))

    copy = OrderCopy.objects.get()
    assert (copy.status, copy.takeups, copy.claimed_pid) == ("pending", 0, None)


def test_a_copy_that_cancels_its_source_shares_a_batch_with_no_other_of_that_source() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    other = order_with(here, Line(here.sku()))
    asked_for(source)
    asked_for(source, cancel_source_order=True)
    asked_for(other)
    asked_for(source)

    assert [len(batch) for batch in batches_of_the_next_worker()] == [2, 1, 1]


def test_claims_are_made_in_the_order_in_which_copies_were_asked_for() -> None:
    copies = copies_of_new_orders(5)

    assert claim(worker="worker", limit=3) == [copy.pk for copy in copies[:3]]


def test_two_workers_at_once_make_every_copy_once() -> None:
    copies_of_new_orders(120)
    ended: list[str] = []

    def work(name: str) -> None:
        for batch in run_in_batches(worker=name):
            ended.extend(copy.id for copy in batch)
        connection.close()

    threads = [threading.Thread(target=work, args=[f"worker {n}"]) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ended) == len(set(ended)) == 120
    assert Order.objects.filter(copied_from__isnull=False).count() == 120
