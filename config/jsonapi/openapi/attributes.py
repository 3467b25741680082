"""Attributes as JSON Schemas: what is answered, and what may be sent."""

from collections.abc import Iterator
from typing import Any

from config.jsonapi.bodies import takes_null
from config.jsonapi.columns import column_of, limits, longest_text
from config.jsonapi.contract_files import AttributeFacts
from config.jsonapi.resource import Resource
from config.jsonapi.values import LARGEST_INTEGER

Json = dict[str, Any]
TYPES: dict[str, Json] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER},
    "float": {"type": "number"},
    "boolean": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "object": {"type": "object"},
    "array": {"type": "array"},
}


def answered(resource: Resource) -> Json:
    """The attributes that a resource object has, if no fieldset says less."""
    return {
        name: _answered(facts, resource)
        for name, facts in resource.attributes.items()
        if "fetch" in facts.flags and name != "id"
    }


def sent(resource: Resource, flag: str) -> Json:
    """The attributes that a create or an update may send."""
    return {
        name: _sent(facts, resource)
        for name, facts in resource.attributes.items()
        if flag in facts.flags
    }


def _answered(facts: AttributeFacts, resource: Resource) -> Json:
    """Null is answered where the contract or the column has it: an import may know less."""
    schema = _with_values({"type": TYPES[facts.type]["type"]}, facts)
    if "format" in TYPES[facts.type]:
        schema["format"] = TYPES[facts.type]["format"]
    if facts.description:
        schema["description"] = facts.description
    if facts.has_default:
        schema["default"] = facts.default
    column = column_of(resource, facts.name)
    nullable = "nullable" in facts.flags or (column is not None and column.null)
    return _or_null(schema) if nullable else schema


def _sent(facts: AttributeFacts, resource: Resource) -> Json:
    schema = _with_values({**TYPES[facts.type], **dict(_bounds(facts, resource))}, facts)
    if words := explained(facts, resource):
        schema["description"] = words
    if facts.has_default:
        schema["default"] = facts.default
    return _or_null(schema) if takes_null(resource, facts) else schema


def _with_values(schema: Json, facts: AttributeFacts) -> Json:
    return {**schema, "enum": list(facts.enum)} if facts.enum else schema


def _or_null(schema: Json) -> Json:
    schema = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def _bounds(facts: AttributeFacts, resource: Resource) -> Iterator[tuple[str, int]]:
    if facts.type == "string" and "required" in facts.flags:
        yield "minLength", 1
    column = column_of(resource, facts.name)
    if column is None:
        return
    if facts.type == "string" and (longest := longest_text(column)):
        yield "maxLength", longest
    if facts.type == "integer":
        yield from _range(column)


def _range(column: Any) -> Iterator[tuple[str, int]]:
    found = list(limits(column))
    least = [limit for check, limit in found if check.code == "min_value"]
    most = [limit for check, limit in found if check.code == "max_value"]
    if least:
        yield "minimum", max(-LARGEST_INTEGER, *least)
    if most:
        yield "maximum", min(LARGEST_INTEGER, *most)


def explained(facts: AttributeFacts, resource: Resource) -> str:
    """What the declaration says, what a verb does, or what the column's help text says."""
    if facts.description:
        return facts.description
    if facts.name in resource.triggers:
        text = resource.triggers[facts.name].__doc__ or ""
        return " ".join(text.split("\n\n")[0].split()).replace("``", "`")
    column = column_of(resource, facts.name)
    return str(column.help_text) if column is not None else ""
