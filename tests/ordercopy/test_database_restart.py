"""A database that goes away under load and comes back: every copy is made all the same."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from orders.sample import ORDERS, PRODUCTS


class Shop:
    """A shop of its own, with its own data folder and database, driven by its commands alone."""

    def __init__(self, folder: Path) -> None:
        self.environment = {**os.environ, "DATA_DIR": str(folder)}
        self.environment.pop("DATABASE_URL", None)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def worker(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "manage.py", "worker"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def copies(self, *filters: str) -> list[dict[str, Any]]:
        listed = self.manage("list_copies", "--json", "--limit", "100000", *filters)
        return list(json.loads(listed))


@pytest.fixture
def elsewhere(folder: Path) -> Iterator[Shop]:
    shop = Shop(folder)
    shop.manage("migrate", "--verbosity", "0")
    shop.manage("import_products", str(PRODUCTS), "--currency", "USD")
    shop.manage("import_orders", str(ORDERS))
    yield shop
    shop.manage("embedded_postgres", "stop")


def test_copies_survive_a_restart_of_the_database(elsewhere: Shop) -> None:
    for _ in range(3):
        elsewhere.manage("copy_orders", "--all", "--yes", "--enqueue")
    workers = [elsewhere.worker() for _ in range(2)]
    try:
        time.sleep(1.5)
        elsewhere.manage("embedded_postgres", "stop")
        elsewhere.manage("embedded_postgres", "start")
        deadline = time.monotonic() + 90
        while elsewhere.copies("--status", "pending") or elsewhere.copies(
            "--status", "in_progress"
        ):
            assert time.monotonic() < deadline
            time.sleep(1)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=90)

    assert len(elsewhere.copies("--status", "completed")) == 3 * 283
    assert len(elsewhere.copies("--status", "failed")) == 3 * 526
    elsewhere.manage("check_integrity")
