"""The web server's own refusals, and how refusals reach clients that are still sending."""

import time
from socket import socket
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

# What is read of a body that nobody wanted: by size and by time, whichever comes first.
MOST_THROWN_AWAY = 64 * 1024 * 1024
LONGEST_WAIT = 10.0

REFUSALS: dict[type[Exception], int] = {LimitRequestLine: 414, LimitRequestHeaders: 431}


class Worker(ThreadWorker):
    """gunicorn's worker, whose refusals are JSON:API, and are read even by who sends a lot."""

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Serve a request, and throw away what was not read of its body.

        Were the connection closed instead, its client would fail while it still sends, and never
        see that the body is too large.
        """
        kept = super().handle_request(req, conn)
        conn.parser.finish_body(
            deadline=time.monotonic() + LONGEST_WAIT, max_bytes=MOST_THROWN_AWAY
        )
        return kept

    def handle_error(
        self, req: Any, client: socket, addr: tuple[str, int] | None, exc: Exception
    ) -> None:
        """Refuse a request that never becomes one of Django's, and end its connection."""
        # Not above: gunicorn asks for this class before Django is set up.
        from config.jsonapi.handling import plain_error  # noqa: PLC0415

        if isinstance(exc, ParseException):
            status = REFUSALS.get(type(exc), 400)
            self.log.warning("Invalid request from %s: %s", addr[0] if addr else "a socket", exc)
        else:
            status = 500
            self.log.error("Error outside the application", exc_info=exc)
        refusal = plain_error(status)
        head = (
            f"HTTP/1.1 {status} {refusal.reason_phrase}\r\nConnection: close\r\n"
            f"Content-Type: {refusal['Content-Type']}\r\n"
            f"Content-Length: {len(refusal.content)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode("ascii") + refusal.content)
        except OSError as gone:
            self.log.debug("Whom to refuse is gone: %s", gone)
