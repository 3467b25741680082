"""How many requests a client may make in an interval, counted for all web processes together."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from config.jsonapi.errors import MEDIA_TYPE, Problem, error_document
from config.jsonapi.handling import is_api
from orders.api.authentication import known_caller
from orders.statements import execute

OFF = "off"

# The database's clock cuts time into intervals, the same for every web machine. One row a client:
# what is counted is the present interval only.
COUNT = """
INSERT INTO orders_requestcount AS counted (client_id, interval_started_at, requests)
VALUES (%(client)s,
        to_timestamp(floor(extract(epoch FROM now()) / %(seconds)s) * %(seconds)s),
        1)
    ON CONFLICT (client_id) DO UPDATE
   SET requests = CASE WHEN counted.interval_started_at = EXCLUDED.interval_started_at
                       THEN counted.requests + 1 ELSE 1 END,
       interval_started_at = EXCLUDED.interval_started_at
RETURNING requests,
          ceil(%(seconds)s - extract(epoch FROM now() - interval_started_at))::int
"""


@dataclass(frozen=True)
class RateLimit:
    """So many requests in so many seconds."""

    requests: int
    seconds: int

    @classmethod
    def of_mode(cls, mode: str) -> "RateLimit | None":
        """What the settings allow in a mode, or None for no limit."""
        text: str = settings.RATE_LIMITS[mode]
        if text == OFF:
            return None
        requests, seconds = text.split("/")
        return cls(int(requests), int(seconds))


@dataclass(frozen=True)
class Tally:
    """Where a client stands with one more request."""

    limit: RateLimit
    requests: int
    seconds_left: int

    @property
    def is_over(self) -> bool:
        return self.requests > self.limit.requests

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-Ratelimit-Limit": str(self.limit.requests),
            "X-Ratelimit-Interval": str(self.limit.seconds),
            "X-Ratelimit-Remaining": str(max(0, self.limit.requests - self.requests)),
        }


class RateLimitMiddleware:
    """Counts the API's requests; what is too much is answered without asking a view.

    It stands outside the transactions of requests, which would hold a client's count, and so its
    other requests, until they end.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        tally = count(request) if is_api(request) else None
        if tally is None:
            return self.get_response(request)
        response = _too_many(tally) if tally.is_over else self.get_response(request)
        for name, value in tally.headers.items():
            response.headers[name] = value
        return response


def count(request: HttpRequest) -> Tally | None:
    """Count a request, unless nobody known makes it or its mode has no limit."""
    if set(settings.RATE_LIMITS.values()) == {OFF}:
        return None
    caller = known_caller(request)
    limit = RateLimit.of_mode(caller.mode) if caller else None
    if caller is None or limit is None:
        return None
    (row,) = execute(COUNT, {"client": caller.id, "seconds": limit.seconds})
    return Tally(limit, *row)


def _too_many(tally: Tally) -> HttpResponse:
    problem = Problem(
        "Too many requests",
        f"This client may make {tally.limit.requests} requests in {tally.limit.seconds} seconds. "
        f"Try again in {tally.seconds_left} seconds.",
        "THROTTLED",
    )
    return JsonResponse(
        error_document([problem], 429),
        status=429,
        content_type=MEDIA_TYPE,
        headers={"Retry-After": str(tally.seconds_left)},
    )
