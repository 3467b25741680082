"""The official SDK, unmodified, does everything that it offers for what is served."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.sdk.conftest import SCRIPTS, Run
from tests.sdk.toolchain import LOCK_FILE, run_code

# The shop is built once for all scripts (``served_shop``); these tests leave the database alone.
pytestmark = pytest.mark.django_db

README = Path(settings.BASE_DIR, "README.md")
NAMES = sorted(script.name for script in SCRIPTS.glob("*.test.mjs"))


@pytest.mark.parametrize("script", NAMES)
def test_the_sdk(script: str, run: Run) -> None:
    ended = run(script)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert int(re.findall(r"pass (\d+)", ended.stdout)[-1]) > 0, ended.stdout
    assert re.findall(r"(skipped|todo|cancelled) (\d+)", ended.stdout) == [
        (what, "0") for what in ("cancelled", "skipped", "todo")
    ]


@pytest.mark.usefixtures("_packages")
def test_the_example_of_the_readme_does_what_it_says(served_shop: Path) -> None:
    facts = json.loads(served_shop.read_text())
    one = json.dumps({"filters": {"id_eq": facts["orders"]["to_copy"]}})
    (example,) = re.findall(r"^```js\n(.+?)^```", README.read_text(), re.M | re.S)
    for said, here in (("http://127.0.0.1:8000", facts["address"]), ("{ pageSize: 1 }", one)):
        assert said in example
        example = example.replace(said, here)
    client = {"ID": facts["client"]["client_id"], "SECRET": facts["client"]["client_secret"]}

    ended = run_code(example, client)

    assert re.fullmatch(r"completed {} OC-\d+\n", ended.stdout), ended.stdout + ended.stderr


def test_the_lock_file_says_what_and_never_where_from() -> None:
    for name, package in json.loads(LOCK_FILE.read_text())["packages"].items():
        assert "resolved" not in package
        assert ("integrity" in package) is bool(name)
