"""Files that are not what they should be: each flaw is named by line and column, in one line."""

from pathlib import Path

import pytest
from django.db import connection

from orders.models import Customer, Market, Order
from orders.shopify import reading
from orders.shopify.order_import import import_orders
from orders.shopify.product_import import import_products
from orders.shopify.reading import LONGEST_LINE
from orders.shopify.report import OrdersReport
from tests.orders.shopify.conftest import ImportOrders
from tests.orders.shopify.exports import (
    ORDER_COLUMNS,
    further_line,
    order,
    product,
    write_csv,
)

pytestmark = pytest.mark.django_db


def said_of_text_below(orders_file: Path, text: str) -> str:
    """Import orders with this text below them; answers the last thing that is said.

    The first order comes in. The second does not where the text may be one of its lines.
    """
    write_csv(orders_file, order("1"), order("2"))
    with orders_file.open("a") as file:
        file.write(text)
    report = import_orders(orders_file, mode="test")
    assert "1" in numbers()
    assert report.problem_count < 100
    return problems(report)[-1]


def problems(report: OrdersReport) -> list[str]:
    return [str(problem) for problem in report.problems]


def numbers() -> list[str]:
    return sorted(Order.objects.values_list("number", flat=True))


BAD_CELLS = [
    ("name", "#", "has no number after the #"),
    ("name", "#" + "1" * 70, "71 characters, but at most 64 fit: “#1111"),
    ("email", "ann at shop", "“ann at shop” is no e-mail address"),
    ("financial_status", "partially_paid", "“partially_paid” is none of: paid, partially_refunded"),
    ("currency", "", "must not be blank"),
    ("currency", "QQQ", "“QQQ” is no currency"),
    ("subtotal", "9.00", "9.00, but the lines come to 10.00 after discounts"),
    ("total", "", "must not be blank"),
    ("total", "11.00", "11.00, but Subtotal + Shipping is 10.00"),
    ("total", "1,000.00", "“1,000.00” is no amount; write it without thousands separators"),
    ("total", "1e3", "“1e3” is no amount"),
    ("total", "10.001", "10.001 has more decimals than USD, which has 2"),
    ("total", "٣", "“٣” is no amount"),
    ("taxes", "-1.00", "-1.00 is negative"),
    ("shipping", "free", "“free” is no amount"),
    ("discount_amount", "10.01", "10.01 off lines that cost 10.00"),
    ("refunded_amount", "10.01", "10.01 of an order that came to 10.00"),
    ("created_at", "", "must not be blank"),
    ("created_at", "31.05.2024", "“31.05.2024” is no time with a zone"),
    (
        "created_at",
        "2024-05-31 10:00:00",
        "is no time with a zone; write it as 2024-05-31 16:20:00",
    ),
    ("created_at", "2024-02-30 10:00:00 +0200", "is not in the calendar"),
    ("created_at", "0001-01-01 00:00:00 +0200", "is not in the calendar"),
    ("cancelled_at", "yesterday", "“yesterday” is no time with a zone"),
    ("lineitem_quantity", "0", "must be 1 or more"),
    ("lineitem_quantity", "-2", "must be 1 or more"),
    ("lineitem_quantity", "1.5", "“1.5” is no whole number"),
    ("lineitem_quantity", "", "must be 1 or more"),
    ("lineitem_name", "", "must not be blank"),
    ("lineitem_price", "NaN", "“NaN” is no amount"),
    ("lineitem_discount", "10.01", "10.01 of a line that costs 10.00"),
    ("billing_country", "Belgium", ""),
    ("tags", "a tag that nobody would read", "is longer than the 25 characters of a tag"),
    ("discount_code", "X" * 41, "is longer than the 40 characters of a coupon"),
]


@pytest.mark.parametrize(("column", "text", "words"), BAD_CELLS)
def test_a_bad_cell_is_named_and_the_good_orders_come_in(
    take_orders: ImportOrders, column: str, text: str, words: str
) -> None:
    cells = {"billing_city": "Gent", column: text}
    report = take_orders(order("1"), order("2", **cells), order("3"))
    title = next(name for name in ORDER_COLUMNS if name.replace(" ", "_").lower() == column)
    [problem] = problems(report)
    assert problem.startswith(f'orders.csv, line 3, column "{title}": ')
    assert words in problem
    assert "\n" not in problem
    assert numbers() == ["1", "3"]
    assert (report.imported, report.refused, report.failed) == (2, 1, True)


def test_an_order_with_a_bad_line_does_not_come_in_at_all(take_orders: ImportOrders) -> None:
    report = take_orders(
        order("1", email="new@shop.example"),
        further_line("1", lineitem_quantity="none"),
        order("2"),
    )
    assert problems(report)[0].startswith('orders.csv, line 3, column "Lineitem quantity"')
    assert numbers() == ["2"]
    assert not Customer.objects.filter(email="new@shop.example").exists()


def test_lines_before_any_order_are_named(take_orders: ImportOrders) -> None:
    report = take_orders(further_line("1"), order("2"))
    assert 'line 2, column "Name": a further line of #1 that does not follow' in problems(report)[0]
    assert numbers() == ["2"]


def test_a_line_with_another_name_is_named(take_orders: ImportOrders) -> None:
    report = take_orders(order("1"), further_line("7"), further_line("7"), order("2"))
    [problem] = problems(report)
    assert problem.startswith('orders.csv, line 3, column "Name": a further line of #7')
    assert numbers() == ["1", "2"]


def test_a_line_without_a_name_spoils_the_order_it_may_belong_to(take_orders: ImportOrders) -> None:
    report = take_orders(order("1"), further_line("1", name=""), order("2"))
    assert problems(report) == ['orders.csv, line 3, column "Name": must not be blank']
    assert numbers() == ["2"]


def damaged(path: Path, line: int, old: bytes, new: bytes) -> Path:
    """Replace some bytes in one line of a file."""
    lines = path.read_bytes().split(b"\r\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_bytes(b"\r\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("new", "where"),
    [
        (b'"Tea', 'line 3, column "Lineitem name": a quote opens here that is not closed'),
        (b'"Te"a', 'line 3, column "Lineitem name": text follows a closing quote'),
        (b"Th\xe9", 'line 3, column "Lineitem name": not UTF-8; save it as “CSV UTF-8”'),
        (b"T\0a", 'line 3, column "Lineitem name": holds a NUL character'),
        (b"Tea,", "line 3: has 51 cells, but the header names 50 columns"),
        (b"Tea\rTea", 'line 3, column "Lineitem name": a bare carriage return'),
        (b"Tea" * 50_000, 'line 3, column "Lineitem name": holds more than 131,072 characters'),
    ],
)
def test_a_broken_row_spoils_only_its_order(orders_file: Path, new: bytes, where: str) -> None:
    write_csv(orders_file, *(order(number) for number in "12345"))
    report = import_orders(damaged(orders_file, 3, b"Tea", new), mode="test")
    [problem] = problems(report)
    assert where in problem
    assert numbers() == ["1", "3", "4", "5"]


def test_a_quote_that_swallows_good_rows_gives_them_back(orders_file: Path) -> None:
    rows = [order(str(number)) for number in range(1, 8)]
    rows[5]["Notes"] = "said “hello”,\nand left"
    write_csv(orders_file, *rows)
    report = import_orders(damaged(orders_file, 3, b"Tea", b'"Tea'), mode="test")
    assert report.refused == 1
    assert numbers() == ["1", "3", "4", "5", "6", "7"]
    assert Order.objects.get(number="6").metadata == {"notes": rows[5]["Notes"]}


def test_a_row_that_lost_a_cell_in_the_middle_of_an_order_keeps_the_order_out(
    orders_file: Path,
) -> None:
    write_csv(orders_file, order("1"), further_line("1"), order("2"))
    damaged(orders_file, 3, b"#1,", b"")
    report = import_orders(orders_file, mode="test")
    assert problems(report) == ["orders.csv, line 3: has 49 cells, but the header names 50 columns"]
    assert numbers() == ["2"]


WHOLE_FILES = [
    (b"", "orders.csv: is empty"),
    (b"\xef\xbb\xbf", "orders.csv: is empty"),
    (b"\r\n\r\n", "orders.csv: is empty"),
    (b"Name;Total;Currency\r\n", "line 1: the columns are separated by semicolons"),
    (b"Name\tTotal\r\n", "line 1: the columns are separated by tabs"),
    (b"Name,Name,Total\r\n", 'line 1, column "Name": the header names this column twice'),
    (b"Name,Total\r\n", 'required columns are missing: "Financial Status", "Currency", "Subtotal"'),
    ("Name,Total\r\n".encode("utf-16"), "orders.csv: is not UTF-8 but looks like UTF-16"),
    (b"Name,Caf\xe9\r\n", "line 1: the header is not UTF-8"),
    (b'"Name,Total\r\n', "line 1: the header cannot be read: a quote opens here"),
    (b"x" * 2_000_000, "line 1: longer than 1,048,576 bytes"),
]


@pytest.mark.parametrize(("content", "words"), WHOLE_FILES)
def test_a_file_that_is_no_export_is_refused_as_a_whole(
    orders_file: Path, content: bytes, words: str
) -> None:
    orders_file.write_bytes(content)
    report = import_orders(orders_file, mode="test")
    [problem] = problems(report)
    assert words in problem
    assert report.failed
    assert not Market.objects.exists()


def test_a_file_that_turns_into_something_else_ends_there(orders_file: Path) -> None:
    write_csv(orders_file, order("1"), order("2"))
    with orders_file.open("ab") as file:
        file.write(b"x" * 2_000_000)
    report = import_orders(orders_file, mode="test")
    assert "line 4: longer than 1,048,576 bytes" in problems(report)[0]
    # the second might go on where the file breaks off
    assert numbers() == ["1"]


def test_the_wrong_kind_of_export_is_recognised(tmp_path: Path) -> None:
    products = write_csv(tmp_path / "products.csv", product("TEA"))
    orders = write_csv(tmp_path / "orders.csv", order("1"))
    assert str(import_orders(products, mode="test").problems[0]) == (
        "products.csv, line 1: this is a products export, not an orders export: "
        "use manage.py import_products"
    )
    assert str(import_products(orders, mode="test").problems[0]) == (
        "orders.csv, line 1: this is an orders export, not a products export: "
        "use manage.py import_orders"
    )


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert problems(import_orders(tmp_path / "x.csv", mode="test")) == [
        "x.csv: there is no such file"
    ]
    assert "is a folder" in problems(import_orders(tmp_path, mode="test"))[0]


def test_a_market_that_is_not_there_is_named(take_orders: ImportOrders) -> None:
    report = take_orders(order("1"), market_name="Nowhere")
    assert "no market “Nowhere” in test mode; there is none yet" in problems(report)[0]


def test_columns_in_any_order_and_unknown_ones(orders_file: Path) -> None:
    columns = [*reversed(ORDER_COLUMNS), "Risk Level", "Another"]
    write_csv(orders_file, order("1") | {"Another": "x"}, columns=columns)
    assert not import_orders(orders_file, mode="test").failed
    assert numbers() == ["1"]


def test_a_byte_order_mark_and_blank_lines_do_no_harm(orders_file: Path) -> None:
    write_csv(orders_file, order("1"), order("2", lineitem_quantity="x"))
    lines = orders_file.read_bytes().split(b"\r\n")
    orders_file.write_bytes(b"\xef\xbb\xbf" + b"\n".join([lines[0], b"", lines[1], b"", lines[2]]))
    report = import_orders(orders_file, mode="test")
    assert numbers() == ["1"]
    assert report.problems[0].line == 5


def test_what_the_database_refuses_takes_no_other_order_along(orders_file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_order ADD CONSTRAINT no_seven CHECK (number <> '7')")
    rows = [order(str(number)) for number in range(1, 21)]
    report = import_orders(write_csv(orders_file, *rows), mode="test")
    [problem] = problems(report)
    assert problem.startswith("orders.csv, line 8: refused by the database: ")
    assert "no_seven" in problem
    assert (report.imported, report.refused) == (19, 1)
    assert report.created["customers"] == Customer.objects.count() == 1


def test_a_line_without_end_is_not_read_to_its_end(orders_file: Path) -> None:
    said = said_of_text_below(orders_file, "x" * LONGEST_LINE)
    assert said == (
        "orders.csv, line 4: longer than 1,048,576 bytes: this is no CSV file with line breaks; "
        "nothing more was read"
    )


def test_a_file_full_of_open_quotes_is_not_read_again_for_ever(
    orders_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_READ_AGAIN", 50_000)
    said = said_of_text_below(orders_file, 'a","b\n' * 500)
    assert said.endswith("quotes are not closed properly in too many places; nothing more was read")
