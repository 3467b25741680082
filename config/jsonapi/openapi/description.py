"""The documentation in the documentation."""

from config.jsonapi.openapi.answers import answer, errors, headers
from config.jsonapi.openapi.endpoints import describe, describe_tag

UNCHANGED = {"description": "The client has it already.", "headers": headers("ETag")}
HTML = {
    "200": answer("HTML.", {"type": "string"}, "ETag", media_type="text/html"),
    "304": UNCHANGED,
}


def describe_itself() -> None:
    describe_tag("documentation", "What you are reading, for programs and for people.")
    describe(
        "/api/schema",
        "documentation",
        {
            "get": {
                "operationId": "schema",
                "summary": "This document",
                "security": [],
                "responses": {
                    "200": answer(
                        "OpenAPI 3.1.", {"type": "object"}, "ETag", media_type="application/json"
                    ),
                    "304": UNCHANGED,
                    **errors(500),
                },
            }
        },
    )
    describe(
        "/api/docs",
        "documentation",
        {
            "get": {
                "operationId": "docs",
                "summary": "The same for people",
                "security": [],
                "responses": {**HTML, **errors(500)},
            }
        },
    )
    describe(
        "/api/docs/{tag}",
        "documentation",
        {
            "get": {
                "operationId": "docs_section",
                "summary": "One resource, for people",
                "security": [],
                "parameters": [
                    {
                        "name": "tag",
                        "in": "path",
                        "required": True,
                        "description": "The name of a resource, or of what else belongs together.",
                        "schema": {"type": "string", "pattern": "^[-A-Za-z0-9_]+$"},
                    }
                ],
                "responses": {**HTML, **errors(404, 500)},
            }
        },
    )
