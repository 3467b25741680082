"""The web server's own refusals, of requests that never reach Django: JSON:API as well."""

from socket import socket
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

REFUSALS: dict[type[Exception], int] = {LimitRequestLine: 414, LimitRequestHeaders: 431}


class Worker(ThreadWorker):
    """gunicorn's worker, which answers what it cannot read in JSON:API instead of HTML."""

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
