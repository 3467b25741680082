"""A client of the API for tests: it speaks JSON:API with a token, through the public door."""

import json
from typing import Any

from django.test import Client

from orders.models import Market
from tests.orders.api.credentials import bearer, credentials

MEDIA_TYPE = "application/vnd.api+json"


class ApiClient:
    """``api.get("/api/orders")`` answers Django's response; ``document`` answers its JSON."""

    def __init__(
        self, mode: str = "test", *, kind: str = "integration", market: Market | None = None
    ) -> None:
        self.headers = {
            "Accept": MEDIA_TYPE,
            **bearer(credentials(kind, mode, market=market).token()),
        }
        self.client = Client(raise_request_exception=False)

    def get(self, address: str, parameters: Any = None, **headers: str) -> Any:
        return self.client.get(address, parameters, headers={**self.headers, **headers})

    def document(self, address: str, parameters: Any = None) -> Any:
        answer = self.get(address, parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def ids(self, address: str, parameters: Any = None) -> list[str]:
        return [each["id"] for each in self.document(address, parameters)["data"]]

    def send(self, method: str, address: str, body: Any, **headers: str) -> Any:
        """Send a body: bytes as they are, anything else as JSON."""
        return self.client.generic(
            method,
            address,
            body if isinstance(body, bytes) else json.dumps(body),
            content_type=headers.pop("content_type", MEDIA_TYPE),
            headers={**self.headers, **headers},
        )

    def create(
        self, resource: str, attributes: Any = None, query: str = "", **relationships: Any
    ) -> Any:
        """Send a create; relationships are rows, or lists of them, as ``(type, row)``."""
        data = {"type": resource, **_members(attributes, relationships)}
        return self.send("POST", f"/api/{resource}{query}", {"data": data})

    def update(
        self, resource: str, pk: str, attributes: Any = None, query: str = "", **relationships: Any
    ) -> Any:
        data = {"type": resource, "id": pk, **_members(attributes, relationships)}
        return self.send("PATCH", f"/api/{resource}/{pk}{query}", {"data": data})

    def delete(self, resource: str, pk: str) -> Any:
        return self.client.delete(f"/api/{resource}/{pk}", headers=self.headers)


def attributes_of(answer: Any) -> Any:
    """What a resource says of itself that was asked for, made or changed."""
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()["data"]["attributes"]


def errors_of(answer: Any) -> list[tuple[int, str, str | None]]:
    """The status, code and place of each error of an answer."""
    assert answer["Content-Type"] == MEDIA_TYPE, answer.content
    found = []
    for error in answer.json()["errors"]:
        assert error["status"] == str(answer.status_code)
        assert error["title"]
        assert error["detail"]
        source = error.get("source", {})
        found.append(
            (answer.status_code, error["code"], source.get("pointer") or source.get("parameter"))
        )
    return found


def made(answer: Any) -> Any:
    """The resource object that a create or an update answers."""
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()["data"]


def refused(answer: Any) -> tuple[str, str]:
    """Where the one error of a 422 lies, and what it says."""
    ((status, code, pointer),) = errors_of(answer)
    assert (status, code) == (422, "VALIDATION_ERROR")
    return pointer or "", answer.json()["errors"][0]["title"]


def _members(attributes: Any, relationships: dict[str, Any]) -> dict[str, Any]:
    return {
        "attributes": attributes or {},
        "relationships": {
            name: {"data": _identifier(each)} for name, each in relationships.items()
        },
    }


def _identifier(given: Any) -> Any:
    if given is None:
        return None
    if isinstance(given, list):
        return [_identifier(each) for each in given]
    kind, row = given
    return {"type": kind, "id": row if isinstance(row, str) else row.pk}
