"""The addresses of resources, made from their declarations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import URLPattern, re_path

from config.jsonapi.resource import Resource
from config.jsonapi.views import NowhereView, ResourceView

ID = "(?P<pk>[A-Za-z0-9]{1,64})"
NAME = "(?P<relationship>[a-z_]{1,64})"
# An action of the contract -> the method that asks for it, and what the view calls it.
ON_LISTS = {"list": ("get", "listing"), "create": ("post", "create")}
ON_NOTHING = {"create": ("post", "work_out")}
ON_ONE = {
    "retrieve": ("get", "retrieve"),
    "update": ("patch", "update"),
    "delete": ("delete", "destroy"),
}
# An address that exists and takes nothing: the view needs some method, and has this one anyway.
NO_METHOD: dict[str, Any] = {"options": "options"}
ANY_METHOD = ("get", "post", "patch", "delete")


def urls_of(resources: Iterable[Resource]) -> list[URLPattern]:
    """Routes for resources: each takes the methods that its contract has."""
    return [pattern for resource in resources for pattern in _urls(resource)]


def nowhere() -> list[URLPattern]:
    """The last route of all: a JSON:API 404 for whatever the others did not take."""
    view = NowhereView.as_view(dict.fromkeys(ANY_METHOD, "nowhere"))
    return [re_path(r"^api(?:/.*)?\Z", view)]


def _urls(resource: Resource) -> list[URLPattern]:
    base = f"^{resource.type}"
    routes: dict[str, dict[str, Any]] = {
        rf"{base}\Z": _methods(resource, ON_LISTS if resource.stored else ON_NOTHING),
        rf"{base}/{ID}\Z": _methods(resource, ON_ONE),
        rf"{base}/{ID}/{NAME}\Z": {"get": "related"} if resource.stored else {},
        rf"{base}/{ID}/relationships/{NAME}\Z": (
            {"get": "relationship"} if resource.stored else {}
        ),
    }
    if resource.singleton:
        routes[rf"^{resource.singleton}\Z"] = {"get": "only"}
    if resource.singleton and resource.relations:
        # The SDK goes from here to what belongs to it, and names the id all the same.
        routes[rf"^{resource.singleton}/{ID}/{NAME}\Z"] = {"get": "related"}
    return [
        re_path(route, ResourceView.as_view(actions or NO_METHOD, resource=resource))
        for route, actions in routes.items()
    ]


def _methods(resource: Resource, actions: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return dict(call for action, call in actions.items() if action in resource.actions)
