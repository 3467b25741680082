"""The filter grammar of a resource, as patterns for names and schemas for values.

Exact for the attributes of the resource and of those one relationship away, alone or several of a
type joined by ``_or_``; the grammar itself goes on for two relationships more.
"""

from collections.abc import Iterator

from config.jsonapi import registry
from config.jsonapi.filters.predicates import PREDICATES, Predicate
from config.jsonapi.openapi.attributes import TYPES, Json
from config.jsonapi.resource import Resource, Scope

YES_OR_NO: Json = {"enum": ["true", "false", "1", "0"]}
WHOLE_NUMBER = "-?[0-9]{1,18}"
DECIMAL = "-?[0-9]{1,15}([.][0-9]{1,9})?"
# Values as they stand in an address: alone, and several of them joined by commas.
SINGLE: dict[str, Json] = {
    **TYPES,
    "boolean": YES_OR_NO,
    "object": {"type": "string", "format": "json-object"},
}
SEVERAL: dict[str, Json] = {
    "string": {"type": "string"},
    "integer": {"type": "string", "pattern": f"^{WHOLE_NUMBER}(,{WHOLE_NUMBER})*$"},
    "float": {"type": "string", "pattern": f"^{DECIMAL}(,{DECIMAL})*$"},
    "boolean": {"type": "string", "pattern": "^(true|false)(,(true|false))*$"},
    "datetime": {"type": "string", "format": "date-time-list"},
}


def filters_of(resource: Resource) -> Json:
    """The schema of ``filter[q]``."""
    names = dict(_names(resource))
    patterns: Json = {}
    for kind in dict.fromkeys(names.values()):
        alternatives = _either(name for name, its_kind in names.items() if its_kind == kind)
        for value, predicates in _by_value(kind):
            patterns[f"^{alternatives}(_or_{alternatives})*_{_either(predicates)}$"] = value
    schema: Json = {"type": "object", "patternProperties": patterns}
    if resource.scopes:
        schema["properties"] = {name: _of_scope(scope) for name, scope in resource.scopes.items()}
    return {**schema, "additionalProperties": False}


def _of_scope(scope: Scope) -> Json:
    if scope.enum:
        return {"enum": list(scope.enum)}
    return SEVERAL[scope.type] if scope.many else SINGLE[scope.type]


def predicates_by_type() -> dict[str, list[str]]:
    """The predicates that attributes of a type can be asked with."""
    return {kind: [name for name, _ in _predicates(kind)] for kind in TYPES}


def filterable(resource: Resource) -> list[str]:
    """The attributes of the resource itself that filters know."""
    return [name for name, _ in _own_names(resource)]


def _names(resource: Resource) -> Iterator[tuple[str, str]]:
    """Each name with its type; the first of several that read the same is the one meant."""
    found: dict[str, str] = {}
    for name, kind in (*_own_names(resource), *_names_beyond(resource)):
        if name not in found:
            found[name] = kind
            yield name, kind


def _own_names(resource: Resource) -> Iterator[tuple[str, str]]:
    for name, facts in resource.attributes.items():
        if "filter" in facts.flags and resource.column(name) is not None:
            yield name, facts.type


def _names_beyond(resource: Resource) -> Iterator[tuple[str, str]]:
    for relationship, facts in resource.relationships.items():
        if "filter" in facts.flags:
            for target in registry.targets(resource, relationship):
                for name, kind in _own_names(target):
                    yield f"{relationship}_{name}", kind


def _by_value(kind: str) -> Iterator[tuple[Json, list[str]]]:
    """The predicates of a type, those together that take the same kind of value."""
    groups: dict[str, tuple[Json, list[str]]] = {}
    for name, predicate in _predicates(kind):
        value = _value(kind, predicate)
        groups.setdefault(str(value), (value, []))[1].append(name)
    yield from groups.values()


def _predicates(kind: str) -> Iterator[tuple[str, Predicate]]:
    for name, predicate in PREDICATES.items():
        if predicate.only is None or kind in predicate.only:
            yield name, predicate


def _value(kind: str, predicate: Predicate) -> Json:
    taken = kind if predicate.takes == "own" else predicate.takes
    return SEVERAL[taken] if predicate.many else SINGLE[taken]


def _either(names: Iterator[str] | list[str]) -> str:
    return f"({'|'.join(names)})"
