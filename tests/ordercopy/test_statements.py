"""What a copy costs depends on nothing but the rows it touches."""

import re

import pytest
from django.db import connection

from ordercopy.copies import create_copies
from ordercopy.engine.building import build_lines_sql, build_orders_sql
from ordercopy.engine.checking import CHECK
from ordercopy.engine.claiming import CLAIM_ANY, CLAIM_GIVEN, HOLD
from ordercopy.engine.finishing import FINISH
from ordercopy.keeping import FIND_SOURCES
from ordercopy.lineage import LINEAGE
from ordercopy.options import CopyOptions
from ordercopy.working import run_in_batches
from orders.statements import observed
from tests.benchmarks.seeding import analyze, seed_orders, seed_shop
from tests.factories import TESTER

LARGE_TABLES = {
    "orders_order",
    "orders_lineitem",
    "orders_lineitemoption",
    "orders_address",
    "orders_shipment",
    "orders_paymentsource",
    "ordercopy_orderfactory",
    "ordercopy_ordercopy",
}


ENGINE_STATEMENTS = {
    "claim": CLAIM_ANY,
    "claim given copies": CLAIM_GIVEN,
    "hold": HOLD,
    "check": CHECK,
    "build orders": build_orders_sql(),
    "build lines": build_lines_sql(),
    "finish": FINISH,
    "lineage": LINEAGE,
    "sources in use": FIND_SOURCES,
}


def statements_for(source_ids: list[str], **options: object) -> list[str]:
    copy_ids = create_copies(
        source_ids,
        mode="test",
        options=CopyOptions(**options),  # type: ignore[arg-type]
        who=TESTER,
        wake=False,
    )
    seen: list[str] = []
    with observed(seen.append):
        for ended in run_in_batches(worker="tester", copy_ids=copy_ids):
            assert all(copy.completes for copy in ended)
    return seen


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{}, {"place_target_order": True}], ids=["copied", "placed"])
def test_the_number_of_statements_does_not_depend_on_lines_or_copies(
    options: dict[str, bool],
) -> None:
    shop = seed_shop()
    small, large = seed_orders(shop, count=1, lines=1), seed_orders(shop, count=1, lines=500)
    few, many = seed_orders(shop, count=10, lines=2), seed_orders(shop, count=100, lines=2)

    counts = {len(statements_for(ids, **options)) for ids in (small, large, few, many)}

    assert len(counts) == 1


def nodes(plan: dict) -> list[dict]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]


def numbered(statement: str) -> str:
    """The statement with ``$1``, ``$2``, … in the place of psycopg's parameters."""
    names: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        name = match.group(1) or f"positional {len(names)}"
        return f"${names.setdefault(name, len(names) + 1)}"

    return re.sub(r"%(?:\((\w+)\))?s", number, statement)


def tables_read_as_a_whole(statement: str) -> set[str]:
    """By its generic plan, which is the one that the engine runs with."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered(statement)}")
        (((plan,),),) = cursor.fetchall()
    return {
        node["Relation Name"] for node in nodes(plan["Plan"]) if node["Node Type"] == "Seq Scan"
    }


@pytest.mark.django_db
def test_no_statement_of_the_engine_reads_a_large_table_as_a_whole() -> None:
    """So that the cost of a copy stays what it is when the tables have grown."""
    if connection.pg_version < 160000:
        pytest.skip("EXPLAIN (GENERIC_PLAN) came with PostgreSQL 16")
    shop = seed_shop()
    statements_for(seed_orders(shop, count=1000, lines=4))
    analyze()

    read = {
        name: tables_read_as_a_whole(statement) & LARGE_TABLES
        for name, statement in ENGINE_STATEMENTS.items()
    }

    assert read == {key: set() for key in ENGINE_STATEMENTS}
