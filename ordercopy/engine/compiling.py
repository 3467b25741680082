"""From a model's copy plan to the INSERT … SELECT that makes copies of its rows.

The source rows come from a common table expression under the name of the model's own table, with
further columns that the engine adds: ``new id`` and whatever the plan maps or is given.
"""

from collections.abc import Iterator

from django.db import connection, models
from django.db.models.expressions import Expression, F
from django.db.models.sql import Query
from psycopg.sql import Literal

from orders.models.copy_plan import CopyPlan


def copy_plan_of(model: type[models.Model]) -> CopyPlan:
    return model.copy_plan  # type: ignore[attr-defined]


def quote(name: str) -> str:
    return connection.ops.quote_name(name)


def table(model: type[models.Model]) -> str:
    return quote(model._meta.db_table)


def column_of(field: models.Field) -> str:
    """The name of a field's column; only for fields that have one."""
    if field.column is None:
        raise ValueError(f"{field} has no column")
    return field.column


def columns_to_decide(model: type[models.Model]) -> Iterator[models.Field]:
    """The columns that a plan has to decide: all but the key and what the database computes."""
    for field in model._meta.local_concrete_fields:
        if not field.primary_key and not field.generated:
            yield field


def names_to_decide(model: type[models.Model]) -> frozenset[str]:
    """The names that a plan has to mention, many-to-many relations included."""
    many_to_many = {field.name for field in model._meta.local_many_to_many}
    return frozenset(field.name for field in columns_to_decide(model)) | many_to_many


def expression_sql(model: type[models.Model], expression: Expression | F) -> str:
    """Compile an expression over one row of the model.

    Raises ``FieldError`` when it would need another table. Values are written into the text, as
    literals: a statement with a constant text is planned once.
    """
    query = Query(model)
    compiler = query.get_compiler(connection=connection)
    query.get_initial_alias()
    resolved = expression.resolve_expression(query, allow_joins=False)
    sql, params = compiler.compile(resolved)
    literals = tuple(Literal(value).as_string() for value in params)
    return sql % literals if literals else sql


def insert_copies(model: type[models.Model], rows: str) -> str:
    """The INSERT … SELECT that copies the rows of the common table expression ``rows``.

    Columns that are reset are left out, so that the database gives them their default.
    """
    plan = copy_plan_of(model)
    targets, values = [quote(column_of(model._meta.pk))], [quote("new id")]
    for field in columns_to_decide(model):
        if field.name in plan.carry:
            value = f"{table(model)}.{quote(column_of(field))}"
        elif field.name in plan.mapped:
            value = quote(plan.mapped[field.name])
        elif field.name in plan.set:
            value = expression_sql(model, plan.set[field.name])
        else:
            continue
        targets.append(quote(column_of(field)))
        values.append(value)
    return (
        f"INSERT INTO {table(model)} ({', '.join(targets)})\n"
        f"SELECT {', '.join(values)}\n  FROM {rows} AS {table(model)}"
    )


def insert_links(model: type[models.Model], rows: str) -> Iterator[str]:
    """The statements that give the copies of ``rows`` the many-to-many links of their sources."""
    for relation in model._meta.local_many_to_many:
        if relation.name in copy_plan_of(model).carry:
            through = quote(relation.m2m_db_table())
            own, other = quote(relation.m2m_column_name()), quote(relation.m2m_reverse_name())
            yield (
                f"INSERT INTO {through} ({own}, {other})\n"
                f'SELECT {rows}."new id", link.{other}\n'
                f"  FROM {rows} JOIN {through} AS link ON link.{own} = {rows}.id"
            )
