"""`make demo` tells the story that its README promises, on the real orders."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.processes import environment


@pytest.mark.django_db(transaction=True)
def test_the_demo_copies_all_orders_and_says_why_some_could_not_be(tmp_path: Path) -> None:
    for run in ("first", "again"):
        told = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=settings.BASE_DIR,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

        assert told.returncode == 0, told.stderr
        assert "283 completed  new orders for $196,651.71" in told.stdout, run
        assert "526 failed" in told.stdout
        assert "Short stock" in told.stdout
        assert "Archived product" in told.stdout
        assert "copies a second" in told.stdout
        assert "none is broken" in told.stdout
        assert told.stderr == ""
