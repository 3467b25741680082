"""Every command teaches by example and speaks the same options."""

import importlib

import pytest
from django.conf import LazySettings

from ordercopy.cli.command import OperatorCommand
from tests.factories import Line, order_with, shop
from tests.ordercopy.commands.running import manage_json

COMMANDS = (
    "copy_order",
    "copy_orders",
    "list_copies",
    "show_copy",
    "retry_copies",
    "abort_copies",
    "undo_batch",
    "check_integrity",
    "prune",
)


def command(name: str) -> OperatorCommand:
    module = importlib.import_module(f"ordercopy.management.commands.{name}")
    made: OperatorCommand = module.Command()
    return made


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_and_the_options_that_all_commands_have(name: str) -> None:
    text = command(name).create_parser("manage.py", name).format_help()

    assert f"manage.py {name}" in text.split("examples:")[1]
    assert "--json" in text
    assert "--mode {test,live}" in text
    assert max(map(len, text.splitlines())) <= 105


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_are_understood(name: str) -> None:
    examples = command(name).create_parser("manage.py", name)
    for line in (command(name).examples or "").splitlines():
        if line.startswith(f"  manage.py {name}") and "'" not in line:
            words = line.split("   ")[0].split(" | ")[0].split()[2:]
            examples.parse_args(words)


@pytest.mark.django_db
def test_without_mode_the_setting_says_which(settings: LazySettings) -> None:
    here = shop("live")
    source = order_with(here, Line(here.sku()))
    settings.DEFAULT_MODE = "live"

    assert manage_json("copy_order", source.number)["mode"] == "live"
