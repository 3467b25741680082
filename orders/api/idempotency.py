"""``Idempotency-Key``: a POST that is sent twice is done once, and answered twice.

What a request does and the answer that it gets are committed together. So a process that dies
leaves neither, and the next try starts from nothing; there is no state in between to be cleaned up.
While a request runs it holds a lock of its transaction, which the database gives up by itself when
the process or its connection is gone.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils import timezone
from psycopg.types.json import Jsonb

from config.jsonapi.errors import MEDIA_TYPE, Problem, error_document
from config.jsonapi.handling import is_api
from orders.api.authentication import known_caller
from orders.api.caller import Caller
from orders.models import IdempotentRequest
from orders.statements import execute

HEADER = "Idempotency-Key"
ACCEPTABLE = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
REPLAYED_HEADERS = ("Content-Type", "Location")
# These say that the same request may fare better in a moment, so they are nobody's last word.
TRY_AGAIN = {409, 423, 429}

TRY_LOCK = """
SELECT pg_try_advisory_xact_lock(hashtext('orders.idempotency'), hashtext(%s))
"""
FIND = "SELECT * FROM orders_idempotentrequest WHERE client_id = %s AND key = %s"
# Every key that comes in takes up to three old ones away, so that the table cleans itself.
KEEP = """
WITH forgotten AS (
  DELETE FROM orders_idempotentrequest
   WHERE id IN (SELECT id FROM orders_idempotentrequest
                 WHERE created_at < %(oldest)s
                 ORDER BY created_at LIMIT 3 FOR UPDATE SKIP LOCKED))
INSERT INTO orders_idempotentrequest (client_id, key, fingerprint, status, headers, body)
VALUES (%(client)s, %(key)s, %(fingerprint)s, %(status)s, %(headers)s, %(body)s)
"""


class IdempotencyMiddleware:
    """Gives a repeated POST the answer that the first one got."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or not is_api(request):
            return self.get_response(request)
        caller = known_caller(request)
        fingerprint = _fingerprint(request)
        if caller is None or fingerprint is None:
            return self.get_response(request)  # the view knows better how to refuse these
        if not ACCEPTABLE.fullmatch(key):
            return _refusal(400, "BAD_REQUEST", "A key is 1 to 255 letters, digits and signs.")
        return self.once(request, key, caller=caller, fingerprint=fingerprint)

    @transaction.atomic
    def once(
        self, request: HttpRequest, key: str, *, caller: Caller, fingerprint: str
    ) -> HttpResponseBase:
        """Answer the request; only the first of its kind gets as far as a view."""
        if not _lock(caller, key):
            return _refusal(409, "CONFLICT", "The first request with this key is still running.")
        known = next(iter(IdempotentRequest.objects.raw(FIND, [caller.id, key])), None)
        if known and known.created_at < _oldest():
            known.delete()
            known = None
        if known is None:
            return self.first_time(request, key, caller=caller, fingerprint=fingerprint)
        if known.fingerprint != fingerprint:
            return _refusal(
                422, "VALIDATION_ERROR", "This key was used for a request that was different."
            )
        return _replay(known)

    def first_time(
        self, request: HttpRequest, key: str, *, caller: Caller, fingerprint: str
    ) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code >= 500:
            transaction.set_rollback(True)
        elif response.status_code not in TRY_AGAIN and not connection.needs_rollback:
            request_made = {"client": caller.id, "key": key, "fingerprint": fingerprint}
            execute(KEEP, {**request_made, **_kept(response), "oldest": _oldest()})
        return response


def _fingerprint(request: HttpRequest) -> str | None:
    """What is asked for, in short; the query counts, as it says what the answer has in it."""
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return None
    return hashlib.sha256(b"\0".join([request.get_full_path().encode(), body])).hexdigest()


def _lock(caller: Caller, key: str) -> bool:
    ((locked,),) = execute(TRY_LOCK, [f"{caller.id} {key}"])
    return bool(locked)


def _kept(response: HttpResponseBase) -> dict[str, Any]:
    headers = {
        name: response.headers[name] for name in REPLAYED_HEADERS if name in response.headers
    }
    return {
        "status": response.status_code,
        "headers": Jsonb(headers),
        "body": getattr(response, "content", b""),
    }


def _oldest() -> datetime:
    """When the oldest answer that is still good was given."""
    return timezone.now() - IdempotentRequest.KEPT


def _replay(known: IdempotentRequest) -> HttpResponse:
    return HttpResponse(
        bytes(known.body),
        status=known.status,
        headers={**known.headers, "Idempotent-Replayed": "true"},
    )


def _refusal(status: int, code: str, detail: str) -> HttpResponse:
    problem = Problem(f"{HEADER} refused", detail, code)
    return JsonResponse(error_document([problem], status), status=status, content_type=MEDIA_TYPE)
