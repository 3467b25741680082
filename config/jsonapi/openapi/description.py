"""The documentation in the documentation."""

from typing import Any

from config.jsonapi.openapi.answers import answer, errors, headers
from config.jsonapi.openapi.attributes import Json
from config.jsonapi.openapi.endpoints import describe, describe_tag

UNCHANGED = {"description": "The client has it already.", "headers": headers("ETag")}
HTML = {
    "200": answer("HTML.", {"type": "string"}, "ETag", media_type="text/html"),
    "304": UNCHANGED,
}


SCHEMA = {
    "200": answer("OpenAPI 3.1.", {"type": "object"}, "ETag", media_type="application/json"),
    "304": UNCHANGED,
}
TAG = {
    "name": "tag",
    "in": "path",
    "required": True,
    "description": "The name of a resource, or of what else belongs together.",
    "schema": {"type": "string", "pattern": "^[-A-Za-z0-9_]+$"},
}


def describe_itself() -> None:
    describe_tag("documentation", "What you are reading, for programs and for people.")
    _describe("/api/schema", "schema", "This document", {**SCHEMA, **errors(500)})
    _describe("/api/docs", "docs", "The same for people", {**HTML, **errors(500)})
    _describe(
        "/api/docs/{tag}",
        "docs_section",
        "One resource, for people",
        {**HTML, **errors(404, 500)},
        parameters=[TAG],
    )


def _describe(path: str, name: str, summary: str, answers: Json, **more: Any) -> None:
    """Describe a page that everybody may read."""
    operation = {"operationId": name, "summary": summary, "security": [], "responses": answers}
    describe(path, "documentation", {"get": {**operation, **more}})
