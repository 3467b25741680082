"""The query string of a request, taken apart; what it does not know it refuses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict

from config.jsonapi.errors import BadRequest, Problem, not_allowed

BRACKETED = re.compile(r"(fields|page|filter\[q\])\[([A-Za-z0-9_]+)\]", re.ASCII)
NOT_UTF8 = "\ufffd"  # what Django puts in the place of bytes that mean nothing
ANSWER = ("include", "fields")
# A single resource has no order, but the contract lets clients say one with every write.
WRITE = (*ANSWER, "sort")
LIST = (*ANSWER, "sort", "page", "filter[q]")
PAGE_KEYS = {"number", "size"}
CURSOR_KEYS = {"after", "size"}


@dataclass
class Query:
    """The parameters by family; filters in the order given, as a name may come twice."""

    include: str | None = None
    sort: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    page: dict[str, str] = field(default_factory=dict)
    filters: list[tuple[str, str]] = field(default_factory=list)


def parse_query(
    parameters: QueryDict, *, families: Iterable[str] = LIST, page_keys: Iterable[str] = PAGE_KEYS
) -> Query:
    """Sort the parameters into families; ``families`` are those that this endpoint takes."""
    query = Query()
    for name, values in parameters.lists():
        if any(NOT_UTF8 in text for text in (name, *values)):
            detail = "The query string is not UTF-8."
            raise BadRequest(Problem("Bad request", detail, "BAD_REQUEST"))
        matched = BRACKETED.fullmatch(name)
        family, key = matched.groups() if matched else (name, "")
        known = family in families and (matched is not None or name in {"include", "sort"})
        if not known or (family == "page" and key not in page_keys):
            code = "FILTER_NOT_ALLOWED" if name.startswith("filter") else "PARAM_NOT_ALLOWED"
            raise not_allowed(code, name, parameter=name)
        _put(query, family, key, values)
    return query


def _put(query: Query, family: str, key: str, values: list[str]) -> None:
    """Add a parameter. What comes twice counts twice; a page can only be one."""
    if family == "filter[q]":
        query.filters += [(key, value) for value in values]
    elif family == "fields":
        query.fields[key] = ",".join(values)
    elif family == "page":
        if len(values) > 1:
            detail = f"page[{key}] is given {len(values)} times."
            problem = Problem(
                "The page is not valid.", detail, "INVALID_PAGE_VALUE", parameter=f"page[{key}]"
            )
            raise BadRequest(problem)
        query.page[key] = values[0]
    else:
        setattr(query, family, ",".join(values))
