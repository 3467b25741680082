"""The official SDK, unmodified, does everything that it offers for what is served."""

import json
import re

import pytest

from tests.sdk.conftest import SCRIPTS, Run
from tests.sdk.toolchain import LOCK_FILE

# The shop is built once for all scripts (``served_shop``); these tests leave the database alone.
pytestmark = pytest.mark.django_db

NAMES = sorted(script.name for script in SCRIPTS.glob("*.test.mjs"))


@pytest.mark.parametrize("script", NAMES)
def test_the_sdk(script: str, run: Run) -> None:
    ended = run(script)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert int(re.findall(r"pass (\d+)", ended.stdout)[-1]) > 0, ended.stdout
    assert re.findall(r"(skipped|todo|cancelled) (\d+)", ended.stdout) == [
        (what, "0") for what in ("cancelled", "skipped", "todo")
    ]


def test_the_lock_file_says_what_and_never_where_from() -> None:
    for name, package in json.loads(LOCK_FILE.read_text())["packages"].items():
        assert "resolved" not in package
        assert ("integrity" in package) is bool(name)
