"""The whole document."""

import inspect
from functools import cache

from django.urls import get_resolver

from config.jsonapi import registry
from config.jsonapi.openapi import answers, endpoints, parameters, resources
from config.jsonapi.openapi.attributes import Json
from config.jsonapi.openapi.examples import add_error_examples, add_examples
from config.jsonapi.openapi.operations import paths_of
from config.jsonapi.resource import Resource

INTRODUCTION = (
    "Orders, and their copies, in JSON:API 1.0. A client asks `/oauth/token` for a token with its "
    "id and secret and sends it with every request; the token decides whether the client works on "
    "test or on live data. Every error has the same shape, and `code` is what programs go by. All "
    "times are UTC, all amounts cents."
)


@cache
def document() -> Json:
    """Describe everything that is served; made once, when all declarations are there."""
    get_resolver().url_patterns  # noqa: B018  (whatever has an address is declared by now)
    known = sorted(registry.registered(), key=lambda resource: resource.type)
    paths = {path: item for resource in known for path, item in paths_of(resource)}
    paths |= endpoints.DESCRIBED
    add_examples(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "ordercopy", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"client": []}],
        "tags": _tags(known),
        "paths": paths,
        "components": _components(known),
    }


def purpose(resource: Resource) -> str:
    """What a resource is, in the words of its declaration."""
    return inspect.cleandoc(type(resource).__doc__ or "")


def _tags(known: list[Resource]) -> list[Json]:
    named = {resource.type: purpose(resource) for resource in known} | endpoints.TAGS
    return [{"name": name, "description": text} for name, text in named.items()]


def _components(known: list[Resource]) -> Json:
    schemas = answers.common_schemas() | resources.common_schemas()
    taken = parameters.common_parameters()
    for resource in known:
        schemas |= resources.schemas_of(resource)
        if resource.stored:
            schemas |= parameters.schemas_of_filters(resource)
        taken |= parameters.parameters_of(resource)
    answered = answers.common_answers()
    add_error_examples(answered)
    return {
        "schemas": schemas,
        "parameters": taken,
        "headers": answers.HEADERS,
        "responses": answered,
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "client": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
            },
        },
    }
