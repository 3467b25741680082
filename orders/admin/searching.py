"""Finding rows by what somebody types, each field by an index of its own.

One condition that holds for all fields would read the whole table, and so would Django's way to
compare whatever the capitals. What was typed is looked up first, field by field; the list then asks
only for the fields in which it is.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import StartsWith

from orders.models.base import Resource


def matching(rows: QuerySet[Any], fields: Any, typed: str, *, mode: str) -> QuerySet[Any]:
    """The rows one of whose fields is what was typed, or for ``^field`` begins with it.

    Beginnings are compared whatever their capitals. Fields are named as in ``search_fields``, with
    ``=`` for a whole value.
    """
    conditions = [_condition(rows.model, field, typed.strip(), mode=mode) for field in fields]
    met = [each for each in conditions if rows.model._default_manager.filter(each).exists()]
    return rows.filter(reduce(or_, met)) if met else rows.none()


def _condition(model: type[Model], field: str, typed: str, *, mode: str) -> Q:
    path = field.lstrip("=^")
    relation, _, _name = path.rpartition("__")
    holder: Any = model
    for step in filter(None, relation.split("__")):
        holder = holder._meta.get_field(step).related_model
    if field.startswith("^"):
        condition = Q(StartsWith(Lower(path), typed.lower()))
    else:
        condition = Q(**{path: typed})
    # Indexes begin with the mode.
    if issubclass(holder, Resource):
        condition &= Q(**{f"{relation}__mode" if relation else "mode": mode})
    return condition
