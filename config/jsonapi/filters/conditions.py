"""From understood filters to SQL.

What lies behind a relationship is asked with EXISTS: no row comes twice, so nothing has to be made
distinct, and the database is free to start at either end. The related rows are those that the
caller may see, so a filter can tell nothing about any others.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Q, QuerySet

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.errors import permission_missing
from config.jsonapi.filters.parsing import Filter, Place, parse_filter, read_scope, refused_value
from config.jsonapi.filters.predicates import Predicate
from config.jsonapi.resource import Resource
from config.jsonapi.rows import key_rows_of_all, rows_of_all

# The name under which an expression that is no column is asked about.
ALIAS = "asked_"
# Attributes joined by ``_or_`` and values of ``_any`` multiply: a short address could ask for
# millions of comparisons, and whoever has a storefront's token can write one.
MOST_COMPARISONS = 2_000


def filtered(
    rows: QuerySet[Any], filters: Iterable[tuple[str, str]], resource: Resource, caller: Caller
) -> QuerySet[Any]:
    """The rows for which every filter holds."""
    comparisons = 0
    for name, text in filters:
        if scope := resource.scopes.get(name):
            rows = rows.filter(scope.condition(read_scope(name, text, scope)))
            continue
        asked = parse_filter(name, text, resource)
        comparisons += asked.comparisons
        if comparisons > MOST_COMPARISONS:
            raise refused_value(name, f"makes it more than {MOST_COMPARISONS} comparisons")
        condition = Q()
        for place in asked.places:
            rows = _with_alias(rows, place)
            condition |= _behind(place.path, place, asked, resource, caller)
        rows = rows.filter(condition)
    return rows


def _behind(
    path: tuple[str, ...], place: Place, asked: Filter, resource: Resource, caller: Caller
) -> Q:
    if not path:
        return asked.predicate.condition(_column(place), asked.value, place.attribute.type)
    relationship, *rest = path
    relation = resource.relations[relationship]
    targets = registry.targets(resource, relationship)
    _check(place, caller)
    inner = _behind(tuple(rest), place, asked, _next(resource, relationship, place, rest), caller)
    # Alone, what is behind a relationship is a join to the database; with an alternative beside it,
    # each row is asked.
    may_be_absent = _admits_absence(
        asked.predicate, asked.value
    ) and not relation.always_leads_somewhere(resource.model)

    def where(rows: QuerySet[Any]) -> Q:
        condition = relation.where_some(inner, rows if rest else _aliased(rows, place))
        if may_be_absent:
            condition |= relation.where_none(rows)
        return condition

    try:
        return where(key_rows_of_all(targets, caller))
    except FieldError:  # something is asked that only the resource's own table knows
        return where(rows_of_all(targets, caller))


def _next(resource: Resource, relationship: str, place: Place, rest: list[str]) -> Resource:
    if not rest:
        return place.resource
    return next(
        target
        for target in registry.targets(resource, relationship)
        if rest[0] in target.relationships
    )


def _admits_absence(predicate: Predicate, value: Any) -> bool:
    if predicate.takes == "boolean":
        return predicate.admits_absence and value is not predicate.negated
    return predicate.admits_absence


def _check(place: Place, caller: Caller) -> None:
    if not caller.may("list", place.resource.type):
        raise permission_missing("list", place.resource.type)


def _column(place: Place) -> str:
    column = place.resource.column(place.attribute.name)
    return column if isinstance(column, str) else ALIAS + place.attribute.name


def _with_alias(rows: QuerySet[Any], place: Place) -> QuerySet[Any]:
    return rows if place.path else _aliased(rows, place)


def _aliased(rows: QuerySet[Any], place: Place) -> QuerySet[Any]:
    column = place.resource.column(place.attribute.name)
    if isinstance(column, str):
        return rows
    return rows.alias(**{ALIAS + place.attribute.name: column})
