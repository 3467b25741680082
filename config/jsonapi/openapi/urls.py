"""Where the documentation is, which describes itself as well."""

from django.urls import path

from config.jsonapi.openapi import views
from config.jsonapi.openapi.answers import answer, errors, headers
from config.jsonapi.openapi.endpoints import describe, describe_tag

urlpatterns = [path("schema", views.schema)]

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
                "304": {"description": "The client has it already.", "headers": headers("ETag")},
                **errors(500),
            },
        }
    },
)
