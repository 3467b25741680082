"""Ctrl-C and helping workers: nothing is lost, nothing is made twice."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection, transaction

from ordercopy.models import OrderCopy
from orders.models import Order, StockItem
from tests.benchmarks.seeding import seed_orders, seed_shop
from tests.factories import Line, order_with, shop
from tests.processes import Process, environment, start, wait_until, workers

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60
# Tests on other databases of the server have locks of their own.
WAITING_FOR_US = """
SELECT count(*) FROM pg_locks
 WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""


def begin(*arguments: str) -> Process:
    """Start a command, with its output and its errors kept apart."""
    return start(*arguments, errors=subprocess.PIPE)


def wait_for_targets(count: int) -> None:
    ends_at = time.monotonic() + PATIENCE
    while Order.objects.exclude(copied_from=None).count() < count:
        assert time.monotonic() < ends_at, "nothing was copied"
        time.sleep(0.02)


def wait_until_it_waits() -> None:
    """Let the command come to a lock that this test holds."""
    with connection.cursor() as cursor:
        wait_until(lambda: cursor.execute(WAITING_FOR_US).fetchone() != (0,), seconds=PATIENCE)


def many_orders(count: int) -> None:
    seed_orders(seed_shop(), count=count, lines=3)


def targets() -> int:
    return Order.objects.exclude(copied_from=None).count()


def test_ctrl_c_says_how_far_it_came_and_the_rest_is_resumed() -> None:
    many_orders(3000)
    process = begin("copy_orders", "--all", "--yes", "--json")
    wait_for_targets(100)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)

    document = json.loads(out)
    assert process.returncode == 130, err
    assert document["interrupted"]
    assert document["completed"] == targets() < 3000
    assert document["completed"] + document["pending"] == 3000
    assert document["in_progress"] == 0
    assert f"manage.py copy_orders --resume {document['batch_id']} --mode test" in err

    resumed = begin(*document["go_on"].split()[1:], "--json")
    out, err = resumed.communicate(timeout=PATIENCE)
    assert resumed.returncode == 0, err
    assert json.loads(out)["completed"] == targets() == 3000


def test_a_second_ctrl_c_rolls_back_what_is_at_hand() -> None:
    here = shop()
    held = here.sku("HELD")
    order_with(here, Line(held))
    with transaction.atomic():  # somebody else is placing with the same stock
        list(StockItem.objects.select_for_update())
        process = begin("copy_orders", "--all", "--yes", "--place-target-order", "--json")
        wait_until_it_waits()
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert json.loads(out)["pending"] == 1
    copy = OrderCopy.objects.get()
    assert (copy.status, copy.takeups, copy.claimed_pid) == ("pending", 0, None)
    assert targets() == 0


def test_workers_help_and_nothing_is_made_twice() -> None:
    many_orders(1500)
    with workers(1):
        process = begin("copy_orders", "--all", "--yes", "--json")
        out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, err
    assert json.loads(out)["completed"] == targets() == 1500
    assert OrderCopy.objects.values("target_order").distinct().count() == 1500


def test_a_terminal_shows_a_bar_and_standard_output_stays_clean() -> None:
    many_orders(1500)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "copy_orders", "--all", "--yes", "--json"],
        cwd=settings.BASE_DIR,
        env={**environment(), "TERM": "xterm-256color", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], PATIENCE)[0]:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        shown += part
    out, _ = process.communicate(timeout=PATIENCE)
    os.close(ours)

    assert b"copying" in shown
    assert b"1500" in shown
    assert json.loads(out)["completed"] == 1500


def test_the_order_is_that_of_standard_input_and_no_bar_is_in_a_log() -> None:
    here = shop()
    order_with(here, Line(here.sku()), number="Ü-1")
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "copy_orders", "--file", "-", "--yes"],
        cwd=settings.BASE_DIR,
        env={**environment(), "PYTHONIOENCODING": "ascii"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )

    out, err = process.communicate("\ufeffÜ-1\r\n".encode(), timeout=PATIENCE)

    assert process.returncode == 0, err
    assert b"1 completed, 0 failed." in out
    assert err == b""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["copy_order"], 2), (["copy_orders", "--mode", "prod"], 2), (["copy_order", "7"], 1)],
)
def test_bad_input_is_one_line_on_the_error_output(arguments: list[str], code: int) -> None:
    process = begin(*arguments)
    out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == code
    assert out == ""
    assert err.count("\n") == 1


def test_output_that_nobody_reads_to_its_end_is_no_trouble() -> None:
    many_orders(300)
    begin("copy_orders", "--all", "--yes").communicate(timeout=PATIENCE)
    process = begin("list_copies", "--json")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()

    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.wait(PATIENCE)
    process.stderr.close()
