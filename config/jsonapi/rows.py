"""The one place where querysets for the API begin: whatever is read passes through here.

Lists, single resources, related ones, includes, filters through relationships and references in
bodies all ask ``rows_of``, so nothing of the other mode can be reached by any of these ways.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import QuerySet

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.resource import Resource


def rows_of(resource: Resource, caller: Caller) -> QuerySet[Any]:
    """The rows of a resource that this caller may see."""
    rows = resource.model._default_manager.filter(**resource.where)
    if resource.has_mode:
        rows = rows.filter(mode=caller.mode)
    return resource.visible(rows, caller)


def related_rows(resource: Resource, relationship: str, caller: Caller) -> QuerySet[Any]:
    """The rows that a relationship may lead to at all, whatever it starts from."""
    targets = registry.targets(resource, relationship)
    if not targets:
        return resource.model._default_manager.none()
    return reduce(or_, (rows_of(target, caller) for target in targets))
