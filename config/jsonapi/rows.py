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
    rows = resource.model._default_manager.filter(**resource.where)
    if resource.has_mode:
        rows = rows.filter(mode=caller.mode)
    return resource.visible(rows, caller)


def rows_of_all(resources: Sequence[Resource], caller: Caller) -> QuerySet[Any]:
    """The rows of resources that share a table; where a relationship may lead to at all."""
    return reduce(or_, (rows_of(resource, caller) for resource in resources))
