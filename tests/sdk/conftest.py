"""A served shop, and scripts in which the official SDK works on it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.conftest import JOB_TABLES
from tests.orders.api.credentials import store_signing_key
from tests.processes import environment, free_port, wait_until
from tests.sdk.facts import facts_for_scripts
from tests.sdk.toolchain import NoPackages, install_packages, run_script

Run = Callable[[str], "subprocess.CompletedProcess[str]"]
SCRIPTS = Path(__file__).parent


@pytest.fixture(scope="session")
def _packages() -> None:
    try:
        install_packages()
    except NoPackages as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="module")
def served_shop(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any
) -> Iterator[Path]:
    """Answer the file with all that a script has to know about a shop that is open.

    The shop is committed to the test's database, as its own processes have to see it, and taken
    away again when the last script has run.
    """
    folder: Path = tmp_path_factory.mktemp("served")
    with django_db_blocker.unblock():
        try:
            store_signing_key(settings.SECRET_KEY)
            known = facts_for_scripts()
            with serve(folder / "output") as address:
                facts = folder / "facts.json"
                facts.write_text(json.dumps({**known, "address": address}))
                yield facts
        finally:
            call_command("flush", verbosity=0, interactive=False)
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(JOB_TABLES)} CASCADE")


@pytest.fixture
def run(_packages: None, served_shop: Path) -> Run:
    """Run one of the scripts."""
    return lambda name: run_script(SCRIPTS / name, {"FACTS": str(served_shop)})


@contextmanager
def serve(said: Path) -> Iterator[str]:
    """Open the shop as `make serve` does, and answer its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=settings.BASE_DIR,
            env=environment() | {"PORT": str(port), "SECRET_KEY": settings.SECRET_KEY},
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def is_open() -> bool:
        assert process.poll() is None, said.read_text()
        try:
            with urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310 - our own loopback
                return bool(json.load(answer)["status"] == "ok")
        except OSError:
            return False

    try:
        wait_until(is_open)
        yield address
    finally:
        process.terminate()
        process.wait(60)
