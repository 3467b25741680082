"""Absolute addresses, as the client sees them: behind a proxy too."""

from copy import copy

from django.conf import settings
from django.http import HttpRequest, QueryDict
from rest_framework.request import Request

PREFIX = "/api"
LEGIBLE = "[],:*"


def public_root(request: HttpRequest) -> str:
    """``PUBLIC_URL`` where it is set; otherwise what the request (or its proxy) says."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def api_root(request: Request) -> str:
    return f"{public_root(request._request)}{PREFIX}"


def this_address(request: Request) -> str:
    """The address of the request without its query."""
    return api_root(request) + request.path.removeprefix(PREFIX)


def with_query(address: str, parameters: QueryDict, **changed: str | None) -> str:
    """The address with the query kept, but for these parameters (written ``page_number=``).

    None takes one away.
    """
    query = copy(parameters)
    for name, value in changed.items():
        family, key = name.split("_", 1)
        parameter = f"{family}[{key}]"
        if value is None:
            query.pop(parameter, None)
        else:
            query[parameter] = value
    return f"{address}?{query.urlencode(safe=LEGIBLE)}" if query else address
