"""The one place where querysets for the API begin: whatever is read passes through here.

Lists, single resources, related ones, includes, filters through relationships and references in
bodies all ask ``rows_of``, so nothing of the other mode can be reached by any of these ways.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import QuerySet

from config.jsonapi.caller import Caller
from config.jsonapi.resource import Resource


def rows_of(resource: Resource, caller: Caller) -> QuerySet[Any]:
    """The rows of a resource that this caller may see."""
    return _seen(resource.model._default_manager.filter(**resource.where), resource, caller)


def key_rows(resource: Resource, caller: Caller) -> QuerySet[Any]:
    """Rows with the same primary keys, of the narrowest table that lists can be chosen in."""
    if resource.chosen_in is None:
        return rows_of(resource, caller)
    model, where = resource.chosen_in
    return _seen(model._default_manager.filter(**where), resource, caller)


def _seen(rows: QuerySet[Any], resource: Resource, caller: Caller) -> QuerySet[Any]:
    if resource.has_mode:
        rows = rows.filter(mode=caller.mode)
    return resource.visible(rows, caller)


def rows_of_all(resources: Sequence[Resource], caller: Caller) -> QuerySet[Any]:
    """The rows of resources that share a table; where a relationship may lead to at all."""
    return reduce(or_, (rows_of(resource, caller) for resource in resources))


def key_rows_of_all(resources: Sequence[Resource], caller: Caller) -> QuerySet[Any]:
    """Rows with the same primary keys, of the narrowest table that knows them."""
    return reduce(or_, (key_rows(resource, caller) for resource in resources))
