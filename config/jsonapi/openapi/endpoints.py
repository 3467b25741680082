"""Endpoints that are no resources: whoever has one describes it where its address is."""

from collections.abc import Mapping

from config.jsonapi.openapi.attributes import Json

DESCRIBED: dict[str, Json] = {}
# A tag -> what those endpoints are for.
TAGS: dict[str, str] = {}


def describe(path: str, tag: str, operations: Mapping[str, Json]) -> None:
    """Put an address and what its methods do into the document, in OpenAPI's own words."""
    if path in DESCRIBED:
        raise ValueError(f"{path} is described twice")
    DESCRIBED[path] = {
        method: {"tags": [tag], **operation} for method, operation in operations.items()
    }


def describe_tag(tag: str, description: str) -> None:
    TAGS[tag] = description
