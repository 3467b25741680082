"""All resources that are served, by the name of their type."""

from collections.abc import Mapping
from typing import TypeVar

from config.jsonapi.contract_files import RelationshipFacts
from config.jsonapi.relations import Relation
from config.jsonapi.resource import REGISTERED, Resource

Declaration = TypeVar("Declaration", bound=type[Resource])

_awaited: dict[str, dict[str, Relation]] = {}
_awaited_facts: dict[str, dict[str, RelationshipFacts]] = {}


def register(declaration: Declaration) -> Declaration:
    """Serve a resource; a class decorator."""
    resource = declaration()
    if resource.type in REGISTERED:
        raise ValueError(f"{resource.type} is declared twice")
    REGISTERED[resource.type] = resource
    for each in REGISTERED.values():
        vars(each).pop("relationships", None)  # it may lead to something by now
    _add(resource, _awaited.pop(resource.type, {}), _awaited_facts.pop(resource.type, {}))
    return declaration


def add_relations(
    resource_type: str,
    relations: Mapping[str, Relation],
    *,
    ours: Mapping[str, RelationshipFacts] | None = None,
) -> None:
    """Give a resource of another app relationships that lead to this one's.

    ``ours`` has the facts of those that the contract does not know.
    """
    if resource_type in REGISTERED:
        _add(REGISTERED[resource_type], relations, ours or {})
    else:
        _awaited.setdefault(resource_type, {}).update(relations)
        _awaited_facts.setdefault(resource_type, {}).update(ours or {})


def find(resource_type: str) -> Resource | None:
    return REGISTERED.get(resource_type)


def get(resource_type: str) -> Resource:
    return REGISTERED[resource_type]


def registered(package: str | None = None) -> list[Resource]:
    """All resources, or those that a package declares."""
    return [
        resource
        for resource in REGISTERED.values()
        if package is None or type(resource).__module__.split(".")[0] == package
    ]


def targets(resource: Resource, relationship: str) -> list[Resource]:
    """The served resources that a relationship may lead to."""
    return _served(resource.relations[relationship], resource, relationship)


def tables(resource: Resource, relationship: str) -> list[tuple[Relation, list[Resource]]]:
    """The tables that a relationship leads into, each with the served resources in it."""
    parts = resource.relations[relationship].parts
    found = [(part, _served(part, resource, relationship)) for part in parts]
    return [(part, targets) for part, targets in found if targets]


def _served(relation: Relation, resource: Resource, relationship: str) -> list[Resource]:
    names = relation.to or resource.relationships[relationship].to
    return [found for name in names if (found := find(name)) is not None]


def _add(
    resource: Resource,
    relations: Mapping[str, Relation],
    facts: Mapping[str, RelationshipFacts],
) -> None:
    resource.relations = {**resource.relations, **relations}
    resource.our_relationships = {**resource.our_relationships, **facts}
    vars(resource).pop("relationships", None)
    resource.left_out = {
        name: reason for name, reason in resource.left_out.items() if name not in relations
    }
