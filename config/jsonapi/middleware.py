"""What surrounds every request: its name, and the promise that the API never answers HTML."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.encoding import escape_uri_path

from config.jsonapi.errors import MEDIA_TYPE
from config.jsonapi.handling import is_api, kept_headers, plain_error
from config.jsonapi.request_ids import HEADER, begin_request

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Gives each request a name, and a line in the log.

    Stands first, so that every answer and everything that is logged meanwhile carries the name.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = begin_request(request.headers.get(HEADER))
        began = time.perf_counter()
        response = self.get_response(request)
        response[HEADER] = name
        _log(request, response, round((time.perf_counter() - began) * 1000, 1))
        return response


class ApiErrorsMiddleware:
    """Answers in JSON:API what went wrong before or behind the API's views.

    A NUL byte in an address is refused here for all pages: the database cannot store one, and no
    honest address has it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return plain_error(400) if is_api(request) else HttpResponse(status=400)
        response = self.get_response(request)
        if is_api(request) and response.status_code >= 400 and not _is_ours(response):
            return plain_error(response.status_code, kept_headers(response))
        return response


class ApiCompression(GZipMiddleware):
    """Compresses the API's answers; pages carry secrets of forms and stay as they are.

    What is too short to compress says ``Vary`` as well, a 304 above all: it has to repeat what the
    whole answer said.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_api(request):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        return super().process_response(request, response)


class ApiHead:
    """Answers HEAD like GET, without the body that the server would throw away with a warning."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "HEAD" or not is_api(request) or response.status_code == 304:
            return response
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


class ApiETags:
    """``ETag`` on what the API answers, and 304 where the client has it already.

    Django's own middleware does this for GET alone; a HEAD asks for the same answer.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD"} or not is_api(request):
            return response
        if not isinstance(response, HttpResponse):
            return response
        set_response_etag(response)
        etag = response.get("ETag")
        return get_conditional_response(request, etag=etag, response=response) or response


def _log(request: HttpRequest, response: HttpResponseBase, milliseconds: float) -> None:
    """A line for each answer. Without the query, which may name customers."""
    path = escape_uri_path(request.path)
    logger.info(
        "%s %s %d in %s ms",
        *(request.method, path, response.status_code, milliseconds),
        extra={
            "action": "answered",
            "method": request.method,
            "path": path,
            "status": response.status_code,
            "milliseconds": milliseconds,
        },
    )


def _is_ours(response: HttpResponseBase) -> bool:
    return response.get("Content-Type", "").startswith((MEDIA_TYPE, "application/json"))
