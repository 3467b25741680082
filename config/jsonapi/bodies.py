"""From the document of a create or an update to a ``Change``, checked against the contract.

Whatever the resource does not take is refused: nothing that was sent is ever dropped in silence.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator
from django.db.models import Field, Model

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.columns import column_of, limits, longest_text
from config.jsonapi.contract_files import AttributeFacts, RelationshipFacts
from config.jsonapi.errors import (
    BadRequest,
    Conflict,
    Invalid,
    Problem,
    bad_body,
    invalid,
    not_allowed,
    permission_missing,
)
from config.jsonapi.lists import reader
from config.jsonapi.resource import Change, Resource
from config.jsonapi.values import KINDS, BadValue

BLANK = "can't be blank"
MEMBERS = {"id", "type", "attributes", "relationships", "links", "meta"}
NO_ATTRIBUTES: frozenset[str] = frozenset()
UNDEFINED: Any = object()


def read_change(
    data: Mapping[str, Any], resource: Resource, caller: Caller, *, pk: str | None = None
) -> Change:
    """Understand the resource object of a create, or with ``pk`` of an update of that resource."""
    _check_identity(data, resource, pk)
    flag = "create" if pk is None else "update"
    attributes = _member(data, "attributes")
    relationships = _member(data, "relationships")
    _check_names(attributes, relationships, resource, caller, flag)
    change = Change(caller)
    problems = [
        *_read_attributes(attributes, resource, change),
        *_read_relationships(relationships, resource, change),
    ]
    if pk is None:
        problems += _missing(resource, change, problems)
    if problems:
        raise Invalid(*problems)
    return change


def _check_identity(data: Mapping[str, Any], resource: Resource, pk: str | None) -> None:
    if unknown := sorted(data.keys() - MEMBERS):
        raise not_allowed("PARAM_NOT_ALLOWED", unknown[0], pointer=f"/data/{unknown[0]}")
    if "type" not in data:
        raise bad_body("The resource object has no type.", pointer="/data/type")
    if data["type"] != resource.type:
        detail = f"The type is not {resource.type}."
        raise Conflict(Problem("Conflict", detail, "CONFLICT", "/data/type"))
    if pk is None and "id" in data:
        raise not_allowed("PARAM_NOT_ALLOWED", "id", pointer="/data/id")
    if pk is not None and data.get("id") != pk:
        detail = "The resource object's id is not that of the URL."
        raise BadRequest(
            Problem("Key not included in URL", detail, "KEY_NOT_INCLUDED_IN_URL", "/data/id")
        )


def _member(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise bad_body(f"{name} is not an object.", pointer=f"/data/{name}")
    return found


def _check_names(
    attributes: Mapping[str, Any],
    relationships: Mapping[str, Any],
    resource: Resource,
    caller: Caller,
    flag: str,
) -> None:
    """Refuse what the contract does not let anybody, or this caller, write."""
    problems = []
    for where, sent, known in (
        ("attributes", attributes, resource.attributes),
        ("relationships", relationships, resource.relationships),
    ):
        for name in sent:
            facts = known.get(name)
            if facts is None or flag not in facts.flags:
                detail = f"{name} is not allowed."
                problems.append(
                    Problem(detail, detail, "PARAM_NOT_ALLOWED", f"/data/{where}/{name}")
                )
            elif not caller.may_write(resource.type, name):
                raise permission_missing(f"write {name} of", resource.type)
    if problems:
        raise BadRequest(*problems)


# Attributes


def _read_attributes(
    sent: Mapping[str, Any], resource: Resource, change: Change
) -> Iterator[Problem]:
    for name, given in sent.items():
        facts = resource.attributes[name]
        try:
            value = _value(given, facts, resource)
        except BadValue as error:
            code, message = error.args if len(error.args) > 1 else ("invalid", str(error))
            yield invalid(name, message, error=code)
            continue
        if facts.is_trigger and name not in resource.write_only:
            if value is not None and value is not False:
                change.triggers[name] = value
        else:
            change.attributes[name] = value


def _value(given: Any, facts: AttributeFacts, resource: Resource) -> Any:
    """The value to be stored.

    Null means the default where there is one, and an empty text is null where the column has that.
    """
    known = facts.name in resource.write_only
    column = None if known else column_of(resource, facts.name)
    if given is None:
        return _value_of_null(facts, column)
    value = KINDS[facts.type].read(given)
    if facts.enum and value not in facts.enum:
        raise BadValue("inclusion", "is not included in the list")
    if "required" in facts.flags and isinstance(value, str) and not value.strip():
        raise BadValue("blank", BLANK)
    if value == "" and column is not None and column.null:
        return None
    if column is None:
        return value
    if isinstance(value, str):
        value = column.to_python(value)  # as it will be stored: some are in capitals
    _check_column(value, column)
    return value


def takes_null(resource: Resource, facts: AttributeFacts) -> bool:
    """Whether null may be sent for an attribute."""
    try:
        _value_of_null(facts, column_of(resource, facts.name))
    except BadValue:
        return False
    return True


def _value_of_null(facts: AttributeFacts, column: Field | None) -> Any:
    if facts.has_default:
        return facts.default
    if "required" in facts.flags:
        raise BadValue("blank", BLANK)
    if facts.is_trigger or column is None or column.null:
        return None
    if column.has_default() or column.has_db_default():
        return column.get_default()
    raise BadValue("blank", BLANK)


def _check_column(value: Any, column: Field) -> None:
    """What the column cannot hold is said now, and not by the database."""
    longest = longest_text(column)
    if longest and isinstance(value, str) and len(value) > longest:
        raise BadValue("too_long", f"is too long (maximum is {longest} characters)")
    if isinstance(value, int) and not isinstance(value, bool):
        for check, limit in limits(column):
            if check.compare(value, limit):
                word = "less" if check.code == "max_value" else "greater"
                code = f"{word}_than_or_equal_to"
                raise BadValue(code, f"must be {word} than or equal to {limit}")
    if isinstance(value, str):
        _check_form(value, column)


def _check_form(value: str, column: Field) -> None:
    """An address of the web, of mail, a currency: what the column's own validators look for."""
    for check in column.validators:
        if not isinstance(check, BaseValidator):
            try:
                check(value)
            except ValidationError as error:
                said = error.messages[0] if error.code != "invalid" else "is invalid"
                raise BadValue(error.code or "invalid", said) from None


# Relationships


def _read_relationships(
    sent: Mapping[str, Any], resource: Resource, change: Change
) -> Iterator[Problem]:
    for name, given in sent.items():
        facts = resource.relationships[name]
        pointer = f"/data/relationships/{name}"
        if not isinstance(given, dict) or "data" not in given:
            raise bad_body(f"{name} has no data.", pointer=pointer)
        data = given["data"]
        if facts.many != isinstance(data, list):
            raise bad_body(f"{name} is{'' if facts.many else ' not'} a list.", pointer=pointer)
        try:
            change.references[name] = _resolve(data, facts, resource, change.caller, pointer)
        except BadValue as error:
            code, message = error.args
            yield invalid(name, message, error=code, where="relationships")


def _resolve(
    data: Any, facts: RelationshipFacts, resource: Resource, caller: Caller, pointer: str
) -> Any:
    """The rows that resource identifiers mean, out of those that the caller may see."""
    if data is None:
        if not may_be_null(resource, facts):
            raise BadValue("blank", BLANK)
        return None
    if isinstance(data, list):
        return [_referred(each, facts, resource, caller, pointer) for each in data]
    return _referred(data, facts, resource, caller, pointer)


def may_be_null(resource: Resource, facts: RelationshipFacts) -> bool:
    """Whether null may be sent for a to-one relationship."""
    column = column_of(resource, facts.name)
    return "required" not in facts.flags and (column is None or column.null)


def _referred(
    identifier: Any, facts: RelationshipFacts, resource: Resource, caller: Caller, pointer: str
) -> Model | str:
    if not isinstance(identifier, dict) or not isinstance(identifier.get("id"), str):
        raise bad_body("A resource identifier has a type and an id.", pointer=pointer)
    kind = identifier.get("type")
    target = registry.find(kind) if isinstance(kind, str) and kind in facts.to else None
    if target is None:
        raise BadValue("invalid_type", f"is not one of: {', '.join(facts.to)}")
    if facts.name in resource.handed_on:
        return str(identifier["id"])
    row: Model | None = reader(target, caller, NO_ATTRIBUTES).one(identifier["id"])
    if row is None:
        raise BadValue("not_found", "must exist")
    return row


# What has to be there


def _missing(resource: Resource, change: Change, problems: list[Problem]) -> Iterator[Problem]:
    """Required attributes and relationships that a create does not have, each once."""
    told = {problem.pointer for problem in problems}
    sent = change.attributes.keys() | change.references.keys()
    for where, known, given in (
        ("attributes", resource.attributes, change.attributes),
        ("relationships", resource.relationships, change.references),
    ):
        for name, facts in known.items():
            if "required" in facts.flags and name not in given:
                problem = invalid(name, BLANK, error="blank", where=where)
                if resource.named_by.get(name) not in sent and problem.pointer not in told:
                    yield problem
