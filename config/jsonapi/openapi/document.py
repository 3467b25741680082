"""The whole document."""

import inspect
from functools import cache

from config.jsonapi import registry
from config.jsonapi.openapi import answers, endpoints, parameters, resources
from config.jsonapi.openapi.attributes import Json
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
    known = sorted(registry.registered(), key=lambda resource: resource.type)
    return {
        "openapi": "3.1.0",
        "info": {"title": "ordercopy", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"client": []}],
        "tags": _tags(known),
        "paths": {
            **{path: item for resource in known for path, item in paths_of(resource)},
            **endpoints.DESCRIBED,
        },
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
    return {
        "schemas": schemas,
        "parameters": taken,
        "headers": answers.HEADERS,
        "responses": answers.common_answers(),
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "client": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
            },
        },
    }
