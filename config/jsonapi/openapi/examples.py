"""Examples: requests that were really made, and what they were answered (see ``make examples``)."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from config.jsonapi.openapi.attributes import Json

FILE = resources.files(__package__) / "examples.json"


@cache
def recorded() -> Json:
    """All of them by the id of their operation; errors by their status."""
    found: Json = json.loads(FILE.read_text("utf-8"))
    return found


def add_examples(paths: Mapping[str, Mapping[str, Json]]) -> None:
    """Put the examples into the operations that they are of."""
    for operation in (operation for item in paths.values() for operation in item.values()):
        example = recorded()["operations"].get(operation["operationId"])
        if example is None:
            continue
        if "body" in example:
            _show(operation["requestBody"], example["request"], example["body"])
        _show(operation["responses"][str(example["status"])], example["request"], example["answer"])


def add_error_examples(answers: Mapping[str, Json]) -> None:
    for status, example in recorded()["errors"].items():
        _show(answers[f"error_{status}"], example["request"], example["answer"])


def examples_in(said: Json) -> Iterator[tuple[str, Any]]:
    """The examples of a body or an answer: the request line, and what was sent or answered."""
    for content in list(said.get("content", {}).values())[:1]:
        for example in content.get("examples", {}).values():
            yield example["summary"], example["value"]


def _show(said: Json, request: str, value: Any) -> None:
    for content in said["content"].values():
        content["examples"] = {"recorded": {"summary": request, "value": value}}
