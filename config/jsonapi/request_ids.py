"""A name for every request, on its answer and on every log line that it causes."""

import logging
import re
from contextvars import ContextVar
from uuid import uuid4

HEADER = "X-Request-Id"
# A client's own name is taken over if it cannot do harm in a log.
HARMLESS = re.compile(r"[A-Za-z0-9_.:-]{8,128}", re.ASCII)

_current: ContextVar[str] = ContextVar("request_id", default="-")


def current_request_id() -> str:
    """The request that is being answered, or ``-`` outside of one."""
    return _current.get()


def begin_request(wanted: str | None) -> str:
    """Name the request that begins now."""
    name = wanted if wanted and HARMLESS.fullmatch(wanted) else uuid4().hex
    _current.set(name)
    return name


class RequestIdFilter(logging.Filter):
    """Puts the request's name on log records."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True
