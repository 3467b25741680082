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
from tests.worlds import world

HERE = Path(__file__).parent

pytestmark = pytest.mark.django_db(transaction=True)


def run(server: Any, folder: Path, *options: str) -> int:
    """Run it against a server with one of everything; answers how many requests it made."""
    world("test")
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                HERE / "schemathesis.toml",
            ),
            *("run", f"{server.url}/api/schema", "--no-color"),
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
    options = ("--phases", "fuzzing,stateful", "--max-examples", "1", "--generation-deterministic")
    assert run(live_server, tmp_path, *options, "--exclude-path-regex", "/relationships/") > 300


@pytest.mark.soak
def test_ten_thousand_requests(live_server: Any, tmp_path: Path) -> None:
    assert run(live_server, tmp_path, "--max-examples", "10") > 10_000
