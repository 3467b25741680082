"""From ``source_order_number_or_reference_cont`` to attributes, ways to them, and a predicate."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.jsonapi import registry
from config.jsonapi.contract_files import AttributeFacts
from config.jsonapi.errors import BadRequest, Problem, not_allowed
from config.jsonapi.filters.predicates import PREDICATES, Predicate, split_predicate
from config.jsonapi.resource import Resource, Scope
from config.jsonapi.values import KINDS, BadValue

MAX_DEPTH = 3
MOST_VALUES = 1_000


@dataclass(frozen=True)
class Place:
    """An attribute, and the relationships that lead to it."""

    path: tuple[str, ...]
    resource: Resource
    attribute: AttributeFacts


@dataclass(frozen=True)
class Filter:
    """One parameter: it holds if the predicate holds of one of the places."""

    places: tuple[Place, ...]
    predicate: Predicate
    value: Any

    @property
    def comparisons(self) -> int:
        """How many the database makes for each row: every value with every place."""
        return len(self.places) * (len(self.value) if self.predicate.many else 1)


def parse_filter(name: str, text: str, resource: Resource) -> Filter:
    """Understand a filter; what is not filterable is refused."""
    for attributes, predicate_name in split_predicate(name):
        predicate = PREDICATES[predicate_name]
        places = [_place(part, resource, predicate) for part in attributes.split("_or_")]
        found = tuple(place for place in places if place is not None)
        if len(found) == len(places):
            return Filter(found, predicate, _value(name, text, predicate, found))
    raise not_allowed("FILTER_NOT_ALLOWED", name, parameter=f"filter[q][{name}]")


def _place(name: str, resource: Resource, predicate: Predicate) -> Place | None:
    return next(
        (
            place
            for place in _places(name, resource, ())
            if predicate.only is None or place.attribute.type in predicate.only
        ),
        None,
    )


def _places(name: str, resource: Resource, path: tuple[str, ...]) -> Iterator[Place]:
    """An attribute of the resource itself comes before one behind a relationship."""
    facts = resource.attributes.get(name)
    if facts and "filter" in facts.flags and resource.column(name) is not None:
        yield Place(path, resource, facts)
    if len(path) < MAX_DEPTH:
        for relationship, relation in resource.relationships.items():
            if "filter" in relation.flags and name.startswith(f"{relationship}_"):
                rest = name.removeprefix(f"{relationship}_")
                for target in registry.targets(resource, relationship):
                    yield from _places(rest, target, (*path, relationship))


def _value(name: str, text: str, predicate: Predicate, places: tuple[Place, ...]) -> Any:
    taken = predicate.takes
    kind = places[0].attribute.type if taken == "own" else taken
    return _read(name, text, kind, many=predicate.many)


def read_scope(name: str, text: str, scope: Scope) -> Any:
    """The value of a filter that is a scope."""
    return _read(name, text, scope.type, many=scope.many, enum=scope.enum)


def _read(name: str, text: str, kind: str, *, many: bool, enum: tuple[str, ...] = ()) -> Any:
    read = KINDS[kind].read_text
    try:
        if not many:
            value = read(text)
            if enum and value not in enum:
                raise BadValue(f"is not one of: {', '.join(enum)}")
            return value
        texts = text.split(",")
        if len(texts) > MOST_VALUES:
            raise BadValue(f"has more than {MOST_VALUES} values")
        return [read(each.strip()) for each in texts]
    except BadValue as error:
        raise refused_value(name, str(error)) from None


def refused_value(name: str, why: str) -> BadRequest:
    return BadRequest(
        Problem(
            "The filter's value is not valid.",
            f"{name} - {why}",
            "INVALID_FILTER_VALUE",
            parameter=f"filter[q][{name}]",
        )
    )
