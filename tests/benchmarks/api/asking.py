"""An API client of a shop, and how long its answers take."""

import copy
import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from config.jsonapi.errors import MEDIA_TYPE
from orders.audit import Who
from orders.models import ApiClient
from orders.oauth.clients import create_client
from orders.oauth.tokens import issue

HOST = "localhost"


class Refused(Exception):
    """The shop did not do what it was asked for, so its time means nothing."""


@dataclass(frozen=True)
class Answer:
    """What came back, and in how many seconds."""

    status: int
    body: bytes
    seconds: float

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class Way(Protocol):
    """How requests get to the shop."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


class Asker:
    """A client of the shop behind Django's default connection, with a token."""

    def __init__(self, way: Way) -> None:
        self.way = way
        made = create_client(
            name="bench",
            kind=ApiClient.Kind.INTEGRATION,
            mode="test",
            market=None,
            who=Who.command("bench"),
        )
        token = issue(made.client, scope="market:all", at=timezone.now())
        self.headers = {"Accept": MEDIA_TYPE, "Authorization": f"Bearer {token}"}

    def by(self, way: Way) -> "Asker":
        """The same client with the same token, on another way."""
        other = copy.copy(self)
        other.way = way
        return other

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        target = f"{path}?{urlencode(parameters)}" if parameters else path
        return self._ask("GET", target, self.headers, b"", expected={200})

    def post(self, path: str, document: Any) -> Answer:
        headers = {**self.headers, "Content-Type": MEDIA_TYPE}
        return self._ask("POST", path, headers, json.dumps(document).encode(), expected={201})

    def post_once(self, path: str, document: Any, *, key: str) -> Answer:
        """A POST that says by its key that it is sent several times."""
        headers = {**self.headers, "Content-Type": MEDIA_TYPE, "Idempotency-Key": key}
        return self._ask("POST", path, headers, json.dumps(document).encode(), expected={201, 409})

    def _ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        expected: Collection[int],
    ) -> Answer:
        answer = self.way.send(method, target, headers, body)
        if answer.status not in expected:
            raise Refused(f"{method} {target}: {answer.status} {answer.body[:500]!r}")
        return answer


class OverHttp:
    """Through a web server, over one connection that is kept."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        began = time.perf_counter()
        self.connection.request(method, target, body or None, dict(headers))
        response = self.connection.getresponse()
        answered = response.read()
        return Answer(response.status, answered, time.perf_counter() - began)


class InProcess:
    """Straight to the application, on whatever database is Django's default at that moment."""

    def __init__(self) -> None:
        self.application = WSGIHandler()

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        path, _, query = target.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": HOST,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        environ["CONTENT_TYPE"] = headers.get("Content-Type", "")
        status: list[str] = []
        began = time.perf_counter()
        response = self.application(environ, lambda line, _headers: status.append(line))
        answered = b"".join(response)
        response.close()
        return Answer(int(status[0].split()[0]), answered, time.perf_counter() - began)
