"""Pages of lists: by number with counts, or by cursor for what only ever grows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from config.jsonapi.errors import BadRequest, Problem
from config.jsonapi.links import this_address, with_query
from config.jsonapi.lists import Listed

DEFAULT_SIZE = 10
LARGEST_SIZE = 25
NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and what the document says about the rest."""

    rows: list[Any]
    links: dict[str, str]
    meta: dict[str, Any]


def numbered_page(listed: Listed, asked: Mapping[str, str], request: Request) -> Page:
    """One page; a number behind the last is an empty page."""
    number, size = _number(asked, "number", 1), _size(asked)
    count, rows = listed.page((number - 1) * size, size)
    last = max(1, -(-count // size))
    numbers = {"first": 1, "last": last}
    if 1 < number <= last + 1:
        numbers["prev"] = number - 1
    if number < last:
        numbers["next"] = number + 1
    address = this_address(request)
    return Page(
        rows=rows,
        links={
            name: with_query(address, request.query_params, page_number=str(numbers[name]))
            for name in ("first", "prev", "next", "last")
            if name in numbers
        },
        meta={"record_count": count, "page_count": last if count else 0},
    )


def cursor_page(rows: QuerySet[Any], asked: Mapping[str, str], request: Request) -> Page:
    """The page after a row, newest first; nothing is counted, so it costs the same everywhere."""
    size = _size(asked)
    rows = rows.order_by("-created_at", "-pk")
    if after := asked.get("after"):
        rows = rows.filter(_older_than(after, rows))
    found = list(rows[: size + 1])
    address = this_address(request)
    links = {"first": with_query(address, request.query_params, page_after=None)}
    if len(found) > size:
        links["next"] = with_query(
            address, request.query_params, page_after=str(found[size - 1].pk)
        )
    return Page(rows=found[:size], links=links, meta={})


def _older_than(pk: str, rows: QuerySet[Any]) -> Q:
    created_at = rows.filter(pk=pk).values_list("created_at", flat=True).first()
    if created_at is None:
        raise _refused("after", pk, "is not an entry of this list")
    return Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)


def _size(asked: Mapping[str, str]) -> int:
    size = _number(asked, "size", DEFAULT_SIZE)
    if size > LARGEST_SIZE:
        raise _refused("size", str(size), f"is more than {LARGEST_SIZE}")
    return size


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name)
    if text is None:
        return default
    if not NUMBER.fullmatch(text):
        raise _refused(name, text, "is not a number from 1")
    return int(text)


def _refused(name: str, text: str, why: str) -> BadRequest:
    return BadRequest(
        Problem(
            "The page is not valid.",
            f"{text[:40]} {why}.",
            "INVALID_PAGE_VALUE",
            parameter=f"page[{name}]",
        )
    )
