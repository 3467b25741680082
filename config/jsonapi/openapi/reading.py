"""The document taken apart again, for a page that people read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.jsonapi.openapi.attributes import Json
from config.jsonapi.openapi.examples import examples_in
from config.jsonapi.openapi.operations import IDS, RELATED

METHODS = ("get", "post", "patch", "delete")


@dataclass(frozen=True)
class Value:
    """A parameter, header or property: what it is called and what may stand there."""

    name: str
    type: str
    description: str = ""
    required: bool = False


@dataclass(frozen=True)
class Example:
    request: str
    value: Any


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    example: Example | None = None


@dataclass(frozen=True)
class Operation:
    """A method of an address."""

    id: str
    method: str
    path: str
    summary: str
    kinds: tuple[str, ...]
    needs_token: bool
    parameters: list[Value]
    body: list[Value]
    answers: list[Answer]
    example: Example | None = None  # a body that was sent

    @property
    def follows_relationship(self) -> bool:
        """Whether it is one of the two that every relationship has."""
        return self.id.endswith((RELATED, IDS))

    @property
    def example_answer(self) -> Answer | None:
        """Of the good answer; errors have theirs on the first page."""
        good = (each for each in self.answers if each.status < "400")
        return next((each for each in good if each.example), None)


def operations(document: Json, tag: str) -> Iterator[Operation]:
    """Everything that can be done under a tag, in the document's order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if tag in item.get(method, {}).get("tags", ()):
                yield _operation(document, path, method, item[method])


def resolved(document: Json, part: Json) -> Json:
    """What a reference means."""
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _operation(document: Json, path: str, method: str, said: Json) -> Operation:
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        kinds=tuple(said.get("x-client-kinds", ())),
        needs_token=said.get("security") != [],
        parameters=[_parameter(document, each) for each in said.get("parameters", ())],
        body=list(_body(document, said)),
        answers=[_answer(document, *each) for each in said["responses"].items()],
        example=_first_example(said.get("requestBody", {})),
    )


def _parameter(document: Json, said: Json) -> Value:
    found = resolved(document, said)
    schema = resolved(document, found["schema"])
    deep = found.get("style") == "deepObject"
    return Value(
        name=_keys(schema, found["name"]) if deep else found["name"],
        type=found["in"],
        description=found.get("description", ""),
        required=found.get("required", False),
    )


def _keys(schema: Json, name: str) -> str:
    """How a parameter with brackets is written: with each key, if those are few."""
    keys = list(schema.get("properties", {}))
    return " ".join(f"{name}[{key}]" for key in keys) if len(keys) in {1, 2} else f"{name}[…]"


def _body(document: Json, said: Json) -> Iterator[Value]:
    """The members of a plain body; those of a resource stand in a table of their own."""
    contents = said.get("requestBody", {}).get("content", {})
    for schema in [resolved(document, content["schema"]) for content in contents.values()][:1]:
        if "data" not in schema["properties"]:
            yield from values(schema)


def values(schema: Json) -> Iterator[Value]:
    """The properties of an object."""
    for name, said in schema["properties"].items():
        yield Value(
            name=name,
            type=type_of(said),
            description=said.get("description", ""),
            required=name in schema.get("required", ()),
        )


def type_of(schema: Mapping[str, Any]) -> str:
    if "const" in schema:
        return f"“{schema['const']}”"
    types = schema.get("type", "any")
    return " or ".join(types) if isinstance(types, list) else types


def _first_example(said: Json) -> Example | None:
    return next((Example(*each) for each in examples_in(said)), None)


def _answer(document: Json, status: str, said: Json) -> Answer:
    found = resolved(document, said)
    return Answer(status, found["description"], _first_example(found))
