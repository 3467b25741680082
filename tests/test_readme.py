"""README.md leaves out nothing of what it has tables and lists of."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from config.env import env
from config.roles import ROLES
from ordercopy.models import CopyError
from orders.models import ApiClient

README = Path(settings.BASE_DIR, "README.md").read_text()
# A word at the beginning of a table's line: `name` or `name`, `another`.
IN_TABLES = {
    name
    for line in README.splitlines()
    if line.startswith("| `")
    for name in re.findall(r"`([^`]+)`", line.split("|")[1])
}
FOR_PROGRAMMERS = {"lifecycle_picture", "runserver", "translations"}
OURS = {"config", "orders", "ordercopy"}


def test_every_setting_is_in_a_table() -> None:
    assert env.dump().keys() <= IN_TABLES


def test_every_command_of_an_operator_is_shown() -> None:
    ours = {name for name, app in get_commands().items() if app in OURS}

    assert {name for name in ours if not re.search(rf"\b{name}\b", README)} == FOR_PROGRAMMERS


def test_every_role_kind_of_client_and_error_is_in_a_table() -> None:
    assert {*ROLES, *ApiClient.Kind.values, *CopyError.Code.values} <= IN_TABLES
