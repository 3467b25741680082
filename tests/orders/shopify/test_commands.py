"""The two commands, as an operator and a script see them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, load_command_class
from pytest_django import Settings

from orders.models import Order, Sku
from tests.orders.shopify.exports import order, product, write_csv

pytestmark = pytest.mark.django_db


class Answer:
    """What a command printed, and its exit code."""

    def __init__(self, command: str, *args: Any) -> None:
        out, errors = StringIO(), StringIO()
        self.code: int | str | None = 0
        try:
            call_command(command, *map(str, args), stdout=out, stderr=errors)
        except SystemExit as ended:
            self.code = ended.code
        self.out, self.errors = out.getvalue(), errors.getvalue()

    @property
    def json(self) -> dict[str, Any]:
        answer = json.loads(self.out)
        assert isinstance(answer, dict)
        return answer


def test_an_import_of_orders_tells_what_it_did_and_in_which_mode(orders_file: Path) -> None:
    answer = Answer("import_orders", write_csv(orders_file, order("1")))
    assert (answer.code, answer.errors) == (0, "")
    assert answer.out.startswith(
        "orders.csv, test mode:\n  1 order imported with 1 line, 10.00 USD"
    )
    assert "customer “ann@shop.example”" in answer.out
    assert "market “Shopify USD”" in answer.out


def test_what_is_wrong_goes_to_the_error_output_and_the_exit_code(orders_file: Path) -> None:
    write_csv(orders_file, order("1"), order("2", total="1.00"))
    answer = Answer("import_orders", orders_file)
    assert answer.code == 1
    assert answer.errors == (
        'orders.csv, line 3, column "Total": 1.00, but Subtotal + Shipping is 10.00\n'
    )
    assert "1 order refused" in answer.out


def test_what_customers_typed_plays_no_tricks_on_the_terminal(orders_file: Path) -> None:
    trick = "\x1b[2J\u202e"
    write_csv(orders_file, order("1", Tags=f"{trick}tag"), order("2", Currency=f"{trick}EUR"))
    answer = Answer("import_orders", orders_file)
    assert "tag “[2Jtag”" in answer.out
    assert "“[2JEUR” is no currency" in answer.errors
    assert not {"\x1b", "\u202e"} & {*answer.out, *answer.errors}


def test_a_script_gets_one_object_and_nothing_else(orders_file: Path) -> None:
    write_csv(orders_file, order("1"), order("2", total="1.00"))
    answer = Answer("import_orders", orders_file, "--json")
    assert (answer.code, answer.errors) == (1, "")
    assert answer.json == {
        "file": "orders.csv",
        "mode": "test",
        "dry_run": False,
        "interrupted": False,
        "orders": {"imported": 1, "already_there": 0, "refused": 1},
        "lines": {"imported": 1, "without_sku": 1},
        "totals": {"USD": "10.00"},
        "created": {
            "price_lists": 1,
            "markets": 1,
            "stock_locations": 1,
            "customers": 1,
            "payment_methods": 1,
        },
        "errors_count": 1,
        "errors": [
            {
                "file": "orders.csv",
                "line": 3,
                "column": "Total",
                "message": "1.00, but Subtotal + Shipping is 10.00",
            }
        ],
    }


def test_even_a_file_that_is_not_there_is_one_object(tmp_path: Path) -> None:
    answer = Answer("import_products", tmp_path / "no.csv", "--json")
    assert answer.code == 1
    assert answer.json["errors"][0]["message"] == "there is no such file"
    plain = Answer("import_products", tmp_path / "no.csv")
    assert plain.errors == "no.csv: there is no such file\n"
    assert plain.out == "no.csv, test mode: nothing was imported\n"


def test_products_go_to_the_mode_and_currency_asked_for(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "products.csv", product("TEA"))
    answer = Answer("import_products", path, "--mode", "live", "--currency", "eur", "--json")
    assert (answer.json["mode"], answer.json["currency"]) == ("live", "EUR")
    assert answer.json["skus"]["created"] == 1
    assert Sku.objects.get().mode == "live"


def test_the_default_mode_is_a_setting(orders_file: Path, settings: Settings) -> None:
    settings.DEFAULT_MODE = "live"
    assert (
        Answer("import_orders", write_csv(orders_file, order("1")), "--json").json["mode"] == "live"
    )
    assert Order.objects.get().mode == "live"


def test_a_dry_run_says_that_it_is_one(orders_file: Path) -> None:
    answer = Answer("import_orders", write_csv(orders_file, order("1")), "--dry-run")
    assert answer.code == 0
    assert "dry run: this is what would happen, nothing was changed" in answer.out
    assert not Order.objects.exists()


@pytest.mark.parametrize("command", ["import_orders", "import_products"])
def test_help_teaches_by_example(command: str) -> None:
    parser = load_command_class("orders", command).create_parser("manage.py", command)
    page = parser.format_help()
    assert page.count(f"  manage.py {command} ") >= 5
    for option in ("--mode", "--market", "--dry-run", "--json"):
        assert option in page
