"""Whether the shop is well, for whatever watches it: database, workers, copies that wait."""

from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from orders.statements import execute

# A worker says that it lives every ten seconds.
ALIVE_SECONDS = 30
# A worker looks at least twice a second, so what waits for longer waits behind a long queue.
LONG_WAIT_SECONDS = 300

WORKERS_ALIVE = """
SELECT count(*) FROM procrastinate_workers
 WHERE last_heartbeat > now() - make_interval(secs => %(alive)s)
"""
# The oldest one is the first of the queue; one that is tried again waits since it was asked to.
LOOK = f"""
SELECT ({WORKERS_ALIVE}),
       (SELECT extract(epoch FROM clock_timestamp() - updated_at)::float
          FROM ordercopy_orderfactory
         WHERE status = 'pending' ORDER BY sequence LIMIT 1)
"""  # noqa: S608


def workers_alive() -> int:
    """How many workers there are to make what waits."""
    ((workers,),) = execute(WORKERS_ALIVE, {"alive": ALIVE_SECONDS})
    return int(workers)


@csrf_exempt  # or it would be asked for a secret before it could say 405
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 503 only without a database.

    Without workers a web server still takes orders for copies: it says so (``degraded``), and need
    not be taken out of service.
    """
    try:
        ((workers, waited),) = execute(LOOK, {"alive": ALIVE_SECONDS})
    except (OperationalError, InterfaceError):
        return JsonResponse({"status": "down", "database": False}, status=503)
    return JsonResponse(_report(workers, waited))


def _report(workers: int, waited: float | None) -> dict[str, Any]:
    well = workers > 0 and (waited or 0) < LONG_WAIT_SECONDS
    return {
        "status": "ok" if well else "degraded",
        "database": True,
        "workers_alive": workers,
        "oldest_waiting_copy_seconds": None if waited is None else round(waited, 1),
    }
