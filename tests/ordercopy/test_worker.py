"""Workers are processes: they are started, stopped, raced and killed, and nothing is lost."""

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from ordercopy.copies import create_copies
from ordercopy.models import CopyAttempt, OrderCopy, OrderFactory
from ordercopy.options import CopyOptions
from orders.models import Event, Order
from tests import processes
from tests.benchmarks.seeding import analyze, seed_orders, seed_shop
from tests.factories import TESTER, Line, order_with, shop

pytestmark = pytest.mark.django_db(transaction=True)


def wait_until(condition: Callable[[], bool], *, seconds: float) -> float:
    """Wait for it, and answer how long that took."""
    began = time.monotonic()
    while not condition():
        waited = time.monotonic() - began
        assert waited < seconds, f"still waiting after {waited:.1f} s"
        time.sleep(0.02)
    return time.monotonic() - began


def open_copies() -> int:
    return OrderFactory.objects.filter(status__in=["pending", "in_progress"]).count()


def all_ended() -> bool:
    return open_copies() == 0


def ask_for_copies(source_ids: list[str], **options: object) -> list[str]:
    return create_copies(
        source_ids,
        mode="test",
        options=CopyOptions(**options),  # type: ignore[arg-type]
        who=TESTER,
    )


def assert_each_copy_was_made_exactly_once(copy_ids: list[str]) -> None:
    copies = OrderCopy.objects.filter(pk__in=copy_ids)
    assert Counter(copy.status for copy in copies) == {"completed": len(copy_ids)}
    made = Order.objects.filter(copied_from__isnull=False)
    assert made.count() == len(copy_ids)
    assert made.filter(made_by__isnull=True).count() == 0
    assert CopyAttempt.objects.count() == len(copy_ids)
    for name in ("start", "complete"):
        assert Event.objects.filter(name=f"order_copies.{name}").count() == len(copy_ids)


def test_a_worker_runs_a_copy_as_soon_as_it_is_asked_for() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    with processes.workers(1):
        (copy_id,) = ask_for_copies([source.pk])
        wait_until(all_ended, seconds=5)

    copy = OrderCopy.objects.get(pk=copy_id)
    assert copy.status == "completed"
    assert copy.worker is not None


def test_a_wake_up_that_got_lost_is_made_up_for() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    with processes.workers(1):
        create_copies([source.pk], mode="test", options=CopyOptions(), who=TESTER, wake=False)
        wait_until(all_ended, seconds=3)


def test_a_copy_and_its_wake_up_are_one_transaction() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    with transaction.atomic():
        ask_for_copies([source.pk])
        assert ProcrastinateJob.objects.count() == 1
        transaction.set_rollback(True)

    assert ProcrastinateJob.objects.count() == 0
    assert not OrderCopy.objects.exists()


def test_a_worker_that_is_told_to_stop_finishes_its_batch() -> None:
    source_ids = seed_orders(seed_shop(), count=600, lines=20)
    copy_ids = create_copies(source_ids, mode="test", options=CopyOptions(), who=TESTER, wake=False)
    worker = processes.start("worker")
    processes.wait_until_ready(worker)
    wait_until(lambda: open_copies() < len(copy_ids), seconds=20)

    printed = processes.stop(worker)

    assert worker.returncode == 0, printed
    assert not OrderFactory.objects.filter(status="in_progress").exists()
    assert 0 < open_copies() < len(copy_ids)


def test_a_worker_of_an_older_release_refuses_to_lose_a_new_column() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_lineitem ADD COLUMN engraving text")
    try:
        worker = processes.start("worker")
        printed, _ = worker.communicate(timeout=30)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE orders_lineitem DROP COLUMN engraving")

    assert worker.returncode == 1
    assert "orders_lineitem.engraving" in printed
    assert "Traceback" not in printed


def test_three_workers_share_the_work() -> None:
    copy_ids = ask_for_copies(seed_orders(seed_shop(), count=900, lines=10))
    with processes.workers(3):
        wait_until(all_ended, seconds=60)

    assert_each_copy_was_made_exactly_once(copy_ids)
    assert OrderFactory.objects.values("worker").distinct().count() > 1


class Slaughter:
    """Kills one of its workers again and again, and measures how soon its copies are taken up."""

    def __init__(self, kills: int) -> None:
        self.kills = kills
        self.random = random.Random(kills)
        self.slowest_takeup = 0.0

    def run(self, source_ids: list[str]) -> list[str]:
        """Kill workers while copies run; answers the ids of the copies."""
        copy_ids: list[str] = []
        with processes.workers(2) as herd:
            for _ in range(self.kills):
                if open_copies() < 300:
                    copy_ids += ask_for_copies(source_ids, place_target_order=True)
                time.sleep(self.random.uniform(0.02, 0.6))
                victim = herd.pop(self.random.randrange(len(herd)))
                processes.kill(victim)
                herd.append(replacement := processes.start("worker"))
                self.measure(f":{victim.pid}")
                processes.wait_until_ready(replacement)
            wait_until(all_ended, seconds=120)
        return copy_ids

    def measure(self, name: str) -> None:
        """How long until a living worker has taken up everything that the dead one held."""

        def nothing_is_left() -> bool:
            held = OrderFactory.objects.filter(status="in_progress", worker__endswith=name)
            return not held.exists()

        self.slowest_takeup = max(self.slowest_takeup, wait_until(nothing_is_left, seconds=30))


@pytest.mark.parametrize(
    ("kills", "seconds"),
    [
        pytest.param(6, 15, id="few, while other tests run"),
        pytest.param(300, 2, id="many", marks=pytest.mark.soak),
    ],
)
def test_killed_workers_lose_nothing_and_double_nothing(kills: int, seconds: float) -> None:
    source_ids = seed_orders(seed_shop(), count=400, lines=5)
    analyze()
    slaughter = Slaughter(kills)

    copy_ids = slaughter.run(source_ids)

    assert_each_copy_was_made_exactly_once(copy_ids)
    assert slaughter.slowest_takeup < seconds


def test_workers_survive_the_loss_of_their_connections() -> None:
    copy_ids = ask_for_copies(seed_orders(seed_shop(), count=600, lines=10))
    with processes.workers(2) as running:
        for _ in range(3):
            time.sleep(0.3)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        wait_until(all_ended, seconds=60)
        still_running = [worker.poll() is None for worker in running]

    assert_each_copy_was_made_exactly_once(copy_ids)
    assert any(still_running)
