"""Everything that a list may be asked, written out from the contract."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.jsonapi import registry
from config.jsonapi.contract_files import AttributeFacts
from config.jsonapi.filters.predicates import PREDICATES, Predicate
from config.jsonapi.resource import Resource
from tests.benchmarks.api.asking import Asker

SIZE = {"page[size]": "25"}
# What looks inside of texts is only fast where the server has pg_trgm.
INSIDE_TEXTS = ("matches", "does_not_match", "end", "cont")
# Behind relationships, one predicate for each type of attribute stands for all.
BEHIND = {"string": "eq", "integer": "gteq", "float": "gteq", "datetime": "gteq", "boolean": "true"}
# For attributes that no row has.
ANYTHING = {
    "string": "nothing-like-it",
    "integer": 1,
    "float": 1.0,
    "boolean": True,
    "datetime": "2024-10-24T16:05:41.076Z",
    "object": {"key": "value"},
}


@dataclass(frozen=True)
class Question:
    """A list with one filter or in one order; in every shop it is asked for values found there."""

    words: str
    resource: str
    attribute: str = ""
    predicate: str = ""
    takes: str = ""

    @property
    def inside_text(self) -> bool:
        return any(word in self.predicate for word in INSIDE_TEXTS)

    def parameters(self, values: "Values") -> dict[str, str]:
        if not self.predicate:
            return {**SIZE, "sort": self.words.removeprefix("sort=")}
        text = values.text(self.resource, self.attribute, self.takes)
        return {**SIZE, f"filter[q][{self.words}]": text}


def questions(resource_type: str, *, behind: tuple[str, ...] = ()) -> list[Question]:
    """All sorts and filters of a resource, and the filters that lead over some relationships."""
    resource = registry.get(resource_type)
    return [
        *_sorts(resource),
        *_filters(resource),
        *(each for relationship in behind for each in _behind(resource, relationship)),
    ]


def _sorts(resource: Resource) -> Iterator[Question]:
    for name, facts in resource.attributes.items():
        if "sort" in facts.flags and resource.column(name) is not None:
            for asked in (name, f"-{name}"):
                yield Question(f"sort={asked}", resource.type)


def _filters(resource: Resource) -> Iterator[Question]:
    for facts in _filterable(resource):
        for name, predicate in PREDICATES.items():
            if predicate.only is None or facts.type in predicate.only:
                yield _question(resource, facts, name, predicate)


def _behind(resource: Resource, relationship: str) -> Iterator[Question]:
    (target, *_) = registry.targets(resource, relationship)
    for facts in _filterable(target):
        if name := BEHIND.get(facts.type):
            yield _question(target, facts, name, PREDICATES[name], before=f"{relationship}_")


def _question(
    resource: Resource, facts: AttributeFacts, name: str, predicate: Predicate, before: str = ""
) -> Question:
    takes = facts.type if predicate.takes == "own" else predicate.takes
    return Question(f"{before}{facts.name}_{name}", resource.type, facts.name, name, takes)


def _filterable(resource: Resource) -> Iterator[AttributeFacts]:
    for facts in resource.attributes.values():
        if "filter" in facts.flags and resource.column(facts.name) is not None:
            yield facts


class Values:
    """Values as rows in the middle of a shop's lists have them: neither the first nor the last."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.rows: dict[str, list[Any]] = {}

    def text(self, resource: str, attribute: str, takes: str) -> str:
        """A value of an attribute, as it stands in an address."""
        found = True if takes == "boolean" else self._value(resource, attribute)
        found = ANYTHING[takes] if found is None else found
        if isinstance(found, dict):
            return json.dumps(dict(list(found.items())[:1]))
        return json.dumps(found) if isinstance(found, bool) else str(found)

    def _value(self, resource: str, attribute: str) -> Any:
        if resource not in self.rows:
            self.rows[resource] = self._middle(resource)
        known = (
            row["id"] if attribute == "id" else row["attributes"].get(attribute)
            for row in self.rows[resource]
        )
        return next((value for value in known if value not in (None, {})), None)

    def _middle(self, resource: str) -> list[Any]:
        path = f"/api/{resource}"
        pages = self.asker.get(path, SIZE).document["meta"]["page_count"]
        found = self.asker.get(path, {**SIZE, "page[number]": str(max(1, pages // 2))})
        rows: list[Any] = found.document["data"]
        return rows
