"""Schemathesis reads the document, makes requests of it, good and bad ones, and checks the answers.

All its checks are on (``schemathesis.toml`` has the reasons for what is adjusted): no 5xx, only
statuses, types, headers and bodies that are documented, nothing valid refused and nothing invalid
accepted, no access without a token, nothing found after it was deleted, 405 with ``Allow``.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.orders.api.credentials import credentials
from tests.processes import open_shop
from tests.worlds import world

HERE = Path(__file__).parent

pytestmark = pytest.mark.django_db(transaction=True)


def run(address: str, folder: Path, *options: str) -> int:
    """Run it against a shop with one of everything; answers how many requests it made."""
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                HERE / "schemathesis.toml",
            ),
            *("run", f"{address}/api/schema", "--no-color"),
            *("--header", f"Authorization: Bearer {credentials().token()}"),
            *options,
        ],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(settings.BASE_DIR),
            "SCHEMATHESIS_HOOKS": f"{__package__}.hooks",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    made = re.search(r"(\d+) generated", done.stdout)
    assert made, done.stdout
    return int(made[1])


def test_a_few_requests_to_every_resource(live_server: Any, tmp_path: Path) -> None:
    """Relationship endpoints wait for ``make soak``: they are half of all addresses."""
    world("test")
    options = ("--phases", "fuzzing,stateful", "--max-examples", "1", "--generation-deterministic")
    made = run(live_server.url, tmp_path, *options, "--exclude-path-regex", "/relationships/")
    assert made > 300


@pytest.mark.soak
def test_ten_thousand_requests(tmp_path: Path) -> None:
    """To a shop that is served as `make serve` does, with a worker that makes the copies.

    First all that can be thought of for each address of its own, then a few for all addresses.
    """
    world("test")
    with open_shop(tmp_path / "said") as address:
        beyond = ("--exclude-path-regex", "/{id}/")
        made = run(address, tmp_path, "--phases", "examples,coverage", *beyond)
        made += run(address, tmp_path, "--phases", "fuzzing,stateful", "--max-examples", "3")
    assert made > 10_000
