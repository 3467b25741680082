"""The documentation as pages: HTML that a browser needs nothing else for."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from config.jsonapi import registry
from config.jsonapi.contract_files import AttributeFacts
from config.jsonapi.filters.conditions import MOST_COMPARISONS
from config.jsonapi.handling import BY_STATUS
from config.jsonapi.includes import MAX_DEPTH
from config.jsonapi.links import public_root
from config.jsonapi.openapi.attributes import Json, explained
from config.jsonapi.openapi.document import document
from config.jsonapi.openapi.examples import examples_in
from config.jsonapi.openapi.filters import filterable, predicates_by_type
from config.jsonapi.openapi.reading import Operation, operations
from config.jsonapi.paging import DEFAULT_SIZE, LARGEST_SIZE
from config.jsonapi.resource import ACTIONS, Resource
from config.jsonapi.sorting import sortable

# Nothing but this server's own style sheet: no script at all, and nothing from anywhere else.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


@csrf_exempt  # or it would be asked for a secret before it could say 405
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How the API works as a whole, and what there is."""
    return _page(
        request,
        "docs/index.html",
        root=public_root(request),
        sections=[(tag, _operations()[tag["name"]]) for tag in document()["tags"]],
        access=list(_access()),
        predicates=predicates_by_type(),
        errors=[(status, code, detail) for status, (_, detail, code) in BY_STATUS.items()],
        error_examples=[
            example
            for answer in document()["components"]["responses"].values()
            for example in examples_in(answer)
        ],
        limits={
            "size": DEFAULT_SIZE,
            "largest": LARGEST_SIZE,
            "depth": MAX_DEPTH,
            "comparisons": MOST_COMPARISONS,
        },
    )


@csrf_exempt
@require_safe
def section(request: HttpRequest, tag: str) -> HttpResponse:
    """Everything about one resource, or about other endpoints that belong together."""
    found = next((each for each in document()["tags"] if each["name"] == tag), None)
    if found is None:
        raise Http404
    resource = registry.find(tag)
    return _page(
        request,
        "docs/section.html",
        tag=found,
        operations=[each for each in _operations()[tag] if not each.follows_relationship],
        attributes=list(_attributes(resource)) if resource else [],
        relationships=list(_relationships(resource)) if resource else [],
        resource=resource,
    )


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    answer = render(request, template, {"tags": document()["tags"], **context})
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@cache
def _operations() -> dict[str, list[Operation]]:
    described = document()
    return {tag["name"]: list(operations(described, tag["name"])) for tag in described["tags"]}


def _access() -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """What each kind of client may do with each resource."""
    known = sorted(registry.registered(), key=lambda resource: resource.type)
    kinds = {kind: None for each in known for action in ACTIONS for kind in each.kinds(action)}
    for resource in known:
        yield (
            resource.type,
            [
                (
                    kind,
                    [
                        action
                        for action in ACTIONS
                        if action in resource.actions and kind in resource.kinds(action)
                    ],
                )
                for kind in kinds
            ],
        )


def _attributes(resource: Resource) -> Iterator[Json]:
    asked, sorted_by = set(filterable(resource)), set(sortable(resource))
    for name, facts in resource.attributes.items():
        yield {
            "name": name,
            "type": facts.type,
            "flags": facts.flags,
            "filter": name in asked,
            "sort": name in sorted_by,
            "enum": facts.enum,
            "default": _default(facts),
            "description": explained(facts, resource),
        }


def _default(facts: AttributeFacts) -> str:
    return str(facts.default).lower() if facts.has_default else ""


def _relationships(resource: Resource) -> Iterator[Json]:
    sorted_by = set(sortable(resource))
    for name, facts in resource.relationships.items():
        yield {
            "name": name,
            "many": facts.many,
            "targets": [target.type for target in registry.targets(resource, name)],
            "flags": facts.flags,
            "include": facts.includable,
            "sort": name in sorted_by,
        }
