"""Requests as a web server hands them to the application, without a web server in between.

What a server costs would be the same for whatever is measured, and hide what differs.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from config.jsonapi.errors import MEDIA_TYPE
from orders.audit import Who
from orders.models import ApiClient
from orders.oauth.clients import create_client
from orders.oauth.tokens import issue

HOST = "localhost"


class Refused(AssertionError):
    """The application did not do what it was asked for, so its time means nothing."""


@dataclass(frozen=True)
class Answer:
    """What came back, and in how many seconds."""

    body: bytes
    seconds: float

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class Asker:
    """An API client of the shop behind Django's default connection."""

    def __init__(self) -> None:
        self.application = WSGIHandler()
        made = create_client(
            name="bench",
            kind=ApiClient.Kind.INTEGRATION,
            mode="test",
            market=None,
            who=Who.command("bench"),
        )
        self.token = issue(made.client, scope="market:all", at=timezone.now())

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        return self._ask("GET", path, urlencode(parameters or {}), b"", 200)

    def post(self, path: str, document: Any, **headers: str) -> Answer:
        return self._ask("POST", path, "", json.dumps(document).encode(), 201, **headers)

    def _ask(
        self, method: str, path: str, query: str, body: bytes, expected: int, **headers: str
    ) -> Answer:
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": HOST,
            "HTTP_ACCEPT": MEDIA_TYPE,
            "HTTP_AUTHORIZATION": f"Bearer {self.token}",
            "CONTENT_TYPE": MEDIA_TYPE if body else "",
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **headers,
        }
        status: list[str] = []
        began = time.perf_counter()
        response = self.application(environ, lambda line, _headers: status.append(line))
        answered = b"".join(response)
        response.close()
        seconds = time.perf_counter() - began
        if not status[0].startswith(f"{expected} "):
            raise Refused(f"{method} {path}?{query}: {status[0]} {answered[:500]!r}")
        return Answer(answered, seconds)
