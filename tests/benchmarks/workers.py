"""Real worker processes: how soon an idle one has copied an order, and how much several can do."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from django.conf import settings

from ordercopy.working import BATCH_SIZE
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.measuring import ENGINE, Figure, summary
from tests.benchmarks.removal import remove_copies
from tests.benchmarks.subjects.asking import ask_for_copies

SINGLE_COPIES = 120
MANY_COPIES = 1000
NUMBERS_OF_WORKERS = (1, 2, 4)
RATES = [f"worker_{number}" for number in NUMBERS_OF_WORKERS]
ROUNDS = 3

GIVE_UP_SECONDS = 60.0
LOOK_AGAIN_SECONDS, LOOK_AGAIN_AT_MANY_SECONDS = 0.001, 0.01
# So that a worker is back to waiting before it is asked again.
PAUSE_SECONDS = 0.05

UNFINISHED = """
SELECT count(*) FILTER (WHERE status IN ('pending', 'in_progress')),
       count(*) FILTER (WHERE status IN ('failed', 'aborted'))
  FROM ordercopy_orderfactory
"""
DURATIONS = """
SELECT extract(epoch FROM completed_at - created_at)::float,
       extract(epoch FROM max(completed_at) OVER () - min(created_at) OVER ())::float
  FROM ordercopy_orderfactory ORDER BY sequence
"""


@contextmanager
def workers(number: int, *, database: BenchDatabase, log: Path) -> Iterator[None]:
    """So many workers, ready for work; they end with the block."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
    environment = {**os.environ, "DATABASE_URL": database.url}
    with log.open("ab") as output:
        processes = [
            subprocess.Popen(command, env=environment, stdout=output, stderr=output)
            for _ in range(number)
        ]
        try:
            wait_until_ready(processes, database=database, log=log)
            yield
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(GIVE_UP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()


def wait_until_ready(
    processes: Sequence["subprocess.Popen[bytes]"], *, database: BenchDatabase, log: Path
) -> None:
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    # Each has one session that does nothing but listen for jobs.
    listening = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^LISTEN'
    """
    while database.execute(listening)[0][0] < len(processes):
        if any(process.poll() is not None for process in processes):
            raise RuntimeError(f"a worker has ended at its start; what it said is in {log}")
        if time.monotonic() > give_up_at:
            raise RuntimeError(f"the workers did not get ready; what they said is in {log}")
        time.sleep(0.05)


def wait_for_copies(database: BenchDatabase, *, every: float = LOOK_AGAIN_AT_MANY_SECONDS) -> None:
    """Look again and again, on our own connection, until no copy waits or runs."""
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while True:
        ((unfinished, failed),) = database.execute(UNFINISHED)
        if failed:
            raise RuntimeError(f"{failed} copies have not completed")
        if not unfinished:
            return
        if time.monotonic() > give_up_at:
            raise RuntimeError(f"{unfinished} copies still wait for a worker")
        time.sleep(every)


def measure_latency(*, pool: Sequence[str], database: BenchDatabase, log: Path) -> list[Figure]:
    """Single copies, one after another, as an idle worker meets them.

    Once as the copies' own times tell it, and once as the asker sees it: from before the call that
    asks for the copy to the first look that finds it completed.
    """
    seen_by_asker = []
    database.tidy()
    with workers(1, database=database, log=log):
        warm_up_workers(1, pool=pool, database=database)
        for source_id in islice(cycle(pool), SINGLE_COPIES):
            time.sleep(PAUSE_SECONDS)
            began = time.perf_counter()
            ask_for_copies([source_id], wake=True)
            wait_for_copies(database, every=LOOK_AGAIN_SECONDS)
            seen_by_asker.append(time.perf_counter() - began)
        durations = [own for own, _ in database.execute(DURATIONS)]
    remove_copies(database)
    return [
        summary("worker_latency", ENGINE, durations),
        summary("worker_latency_seen_by_asker", ENGINE, seen_by_asker),
    ]


def measure_throughput(*, pool: Sequence[str], database: BenchDatabase, log: Path) -> list[Figure]:
    """A thousand copies that are asked for at once, by different numbers of workers in turn.

    A figure's percentiles are about each copy from its creation on, its rate about all of them.
    """
    each: dict[int, list[float]] = {number: [] for number in NUMBERS_OF_WORKERS}
    together: dict[int, list[float]] = {number: [] for number in NUMBERS_OF_WORKERS}
    for _ in range(ROUNDS):
        database.tidy()
        for number in NUMBERS_OF_WORKERS:
            with workers(number, database=database, log=log):
                warm_up_workers(number, pool=pool, database=database)
                ask_for_copies(list(islice(cycle(pool), MANY_COPIES)), wake=True)
                wait_for_copies(database)
            rows = database.execute(DURATIONS)
            each[number] += [own for own, _ in rows]
            together[number].append(rows[0][1])
            remove_copies(database)
    return [
        replace(
            summary(f"worker_{number}", ENGINE, each[number]),
            per_second=round(MANY_COPIES / statistics.median(together[number]), 1),
        )
        for number in NUMBERS_OF_WORKERS
    ]


def warm_up_workers(number: int, *, pool: Sequence[str], database: BenchDatabase) -> None:
    """Give each of them something to do, so that they plan their statements."""
    ask_for_copies(list(islice(cycle(pool), number * BATCH_SIZE)), wake=True)
    wait_for_copies(database)
    remove_copies(database)
