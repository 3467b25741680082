"""A served shop, and scripts in which the official SDK works on it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.conftest import JOB_TABLES
from tests.orders.api.credentials import store_signing_key
from tests.processes import open_shop
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
            with open_shop(folder / "output") as address:
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
