"""What a statement answers."""

import pytest

from orders.statements import execute

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT 1, 'a'", [(1, "a")]),
        ("SELECT 1 WHERE false", []),
        ("SELECT FROM generate_series(1, 2)", [(), ()]),
        ("DELETE FROM orders_order", []),
    ],
)
def test_a_statement_answers_its_rows(sql: str, rows: list[tuple[object, ...]]) -> None:
    assert execute(sql) == rows
