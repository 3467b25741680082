"""The contract as data: what each resource has, and what may be done with each part of it.

One file for each resource in ``contract/``. Code asks the flags instead of repeating them, so that
what can be created, updated, filtered, sorted and included is decided in one place only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

NO_DEFAULT: Any = object()


@dataclass(frozen=True)
class AttributeFacts:
    """An attribute: its JSON type, its flags, and what it is when nobody says anything."""

    name: str
    type: str
    flags: frozenset[str]
    enum: tuple[str, ...] = ()
    default: Any = NO_DEFAULT
    description: str = ""

    @property
    def has_default(self) -> bool:
        return self.default is not NO_DEFAULT

    @property
    def is_trigger(self) -> bool:
        """Whether sending it does something, instead of storing it."""
        return self.name.startswith("_") and "fetch" not in self.flags


@dataclass(frozen=True)
class RelationshipFacts:
    """A relationship and the types of resources that it may lead to."""

    name: str
    to: tuple[str, ...]
    flags: frozenset[str]
    many: bool = False
    includable: bool = True
    description: str = ""


@dataclass(frozen=True)
class Contract:
    """All that the contract says about one resource."""

    resource: str
    actions: frozenset[str]
    attributes: Mapping[str, AttributeFacts]
    relationships: Mapping[str, RelationshipFacts]
    filter_scopes: tuple[str, ...] = field(default=())


@cache
def contract_of(resource: str) -> Contract:
    """Read the contract of a resource."""
    text = (resources.files(__package__) / "contract" / f"{resource}.json").read_text("utf-8")
    return parse_contract(json.loads(text))


def resources_in_contract() -> list[str]:
    """The names of all resources that have a contract."""
    folder = resources.files(__package__) / "contract"
    return sorted(
        file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json")
    )


def parse_contract(facts: Mapping[str, Any]) -> Contract:
    """Make a contract of what its file says; resources of our own come in the same form."""
    return Contract(
        resource=facts["resource"],
        actions=frozenset(facts["actions"]),
        attributes={
            name: AttributeFacts(name, **_frozen(said))
            for name, said in facts["attributes"].items()
        },
        relationships={
            name: RelationshipFacts(name, **_frozen(said))
            for name, said in facts["relationships"].items()
        },
        filter_scopes=tuple(facts.get("filter_scopes", ())),
    )


def _frozen(said: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {"flags": frozenset, "enum": tuple, "to": tuple}
    return {key: kinds.get(key, lambda value: value)(value) for key, value in said.items()}
