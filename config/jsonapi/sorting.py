"""``sort``: by attributes and to-one relationships that the contract calls sortable."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy

from config.jsonapi.errors import not_allowed
from config.jsonapi.resource import Resource


def sort(
    rows: QuerySet[Any], text: str | None, resource: Resource, *, usual: Sequence[str] = ()
) -> QuerySet[Any]:
    """Order rows; the primary key comes last, so that pages never overlap.

    ``usual`` is the order where nobody asks for one, if it is not that of the resource.
    """
    if not text:
        return rows.order_by(*(usual or resource.order))
    names = text.split(",")
    criteria = [_criterion(name, resource) for name in names]
    column = resource.column(names[-1].removeprefix("-"))
    backwards = criteria[-1].descending and is_indexed_with_key(column, rows.model)
    return rows.order_by(*criteria, "-pk" if backwards else "pk")


def check_sort(text: str | None, resource: Resource) -> None:
    """Refuse what lists of the resource could not be sorted by either."""
    for name in text.split(",") if text else ():
        _criterion(name, resource)


def sortable(resource: Resource) -> Iterator[str]:
    """The names that ``sort`` takes."""
    for name in (*resource.attributes, *resource.relationships):
        if _expression(name, resource) is not None:
            yield name


def _criterion(text: str, resource: Resource) -> OrderBy:
    name = text.removeprefix("-")
    expression = _expression(name, resource)
    if expression is None:
        raise not_allowed("INVALID_SORT_CRITERIA", name, parameter="sort")
    return expression.desc() if text.startswith("-") else expression.asc()


def is_indexed_with_key(column: Any, model: type[Model]) -> bool:
    """Whether an index has the primary key behind this column, both in the same direction.

    Such an index is read backwards. Everywhere else the key goes up: rows are mostly found in that
    order, and among many that are alike each would push an earlier one out of the page again.
    """
    owner = {field.name: field.model for field in model._meta.concrete_fields}.get(column)
    if owner is None:
        return False
    last_two = [column, owner._meta.pk.name]
    return any(
        [name.lstrip("-") for name in index.fields[-2:]] == last_two
        for index in owner._meta.indexes
    )


def _expression(name: str, resource: Resource) -> Any:
    facts = resource.attributes.get(name) or resource.relationships.get(name)
    if facts is None or "sort" not in facts.flags:
        return None
    if name in resource.relationships:
        return resource.relations[name].sortable
    column = resource.column(name)
    return F(column) if isinstance(column, str) else column
