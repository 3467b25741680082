"""``fields[type]``: which attributes and relationships of a type an answer has."""

from collections.abc import Mapping

from config.jsonapi import registry
from config.jsonapi.errors import not_allowed

Fieldsets = Mapping[str, frozenset[str]]


def parse_fieldsets(given: Mapping[str, str]) -> Fieldsets:
    """Read ``{type: "a,b"}``; a name that the type does not have is refused."""
    return {name: _fieldset(name, text) for name, text in given.items()}


def _fieldset(resource_type: str, text: str) -> frozenset[str]:
    parameter = f"fields[{resource_type}]"
    resource = registry.find(resource_type)
    if resource is None:
        raise not_allowed("INVALID_FIELD", resource_type, parameter=parameter)
    wanted = frozenset(filter(None, text.split(",")))
    known = {name for name, facts in resource.attributes.items() if "fetch" in facts.flags} | set(
        resource.relationships
    )
    if unknown := sorted(wanted - known):
        raise not_allowed("INVALID_FIELD", unknown[0], parameter=parameter)
    return wanted
