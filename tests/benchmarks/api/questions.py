"""Everything that a list may be asked, written out from the contract."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.jsonapi import registry
from config.jsonapi.contract_files import AttributeFacts
from config.jsonapi.filters.predicates import (
    COMPARISONS,
    PREDICATES,
    QUESTIONS,
    SETS,
)
from config.jsonapi.resource import Resource
from tests.benchmarks.api.asking import Asker

SIZE = {"page[size]": "25"}
# The forms of a predicate are variations of it: one of each stands for all.
ASKED = (*QUESTIONS, *SETS, *COMPARISONS, "eq_any", "eq_all", "eq_or_null")
# What looks inside of texts is only fast where the server has pg_trgm.
INSIDE_TEXTS = ("matches", "does_not_match", "end", "cont")
# Where one predicate has to do for all that an attribute of a type may be asked.
USUAL = {"string": "eq", "integer": "gteq", "float": "gteq", "datetime": "gteq", "boolean": "true"}
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
    """A list with one filter or in one order; in every shop it is asked for values found there.

    ``of`` is the resource that is listed, ``resource`` the one that has the attribute.
    """

    words: str
    of: str
    resource: str = ""
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


def all_questions(resource_type: str, *, behind: tuple[str, ...]) -> list[Question]:
    """All sorts and filters of a resource, and the usual filters over some relationships."""
    resource = registry.get(resource_type)
    return [
        *_sorts(resource),
        *_all_filters(resource),
        *(each for relationship in behind for each in _usual_filters(resource, relationship)),
    ]


def usual_questions(resource_type: str) -> list[Question]:
    """All sorts of a resource, and one filter by each attribute."""
    resource = registry.get(resource_type)
    return [*_sorts(resource), *_usual_filters(resource)]


def _sorts(listed: Resource) -> Iterator[Question]:
    for name, facts in listed.attributes.items():
        if "sort" in facts.flags and listed.column(name) is not None:
            for asked in (name, f"-{name}"):
                yield Question(f"sort={asked}", listed.type)


def _all_filters(listed: Resource) -> Iterator[Question]:
    for facts in _filterable(listed):
        for name in ASKED:
            only = PREDICATES[name].only
            if only is None or facts.type in only:
                yield _filter(f"{facts.name}_{name}", listed, listed, facts, name)


def _usual_filters(listed: Resource, relationship: str | None = None) -> Iterator[Question]:
    """By the resource's own attributes, or by those behind a relationship."""
    target = registry.targets(listed, relationship)[0] if relationship else listed
    before = f"{relationship}_" if relationship else ""
    for facts in _filterable(target):
        if name := USUAL.get(facts.type):
            yield _filter(f"{before}{facts.name}_{name}", listed, target, facts, name)


def _filter(
    words: str, listed: Resource, target: Resource, facts: AttributeFacts, predicate: str
) -> Question:
    takes = PREDICATES[predicate].takes
    takes = facts.type if takes == "own" else takes
    return Question(words, listed.type, target.type, facts.name, predicate, takes)


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
