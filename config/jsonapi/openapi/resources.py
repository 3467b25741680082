"""Resources as JSON Schemas: resource objects, documents and lists, and the bodies of writes."""

from collections.abc import Sequence

from config.jsonapi import registry
from config.jsonapi.bodies import may_be_null
from config.jsonapi.contract_files import RelationshipFacts
from config.jsonapi.openapi import attributes
from config.jsonapi.openapi.attributes import Json
from config.jsonapi.parser import TOP_LEVEL
from config.jsonapi.resource import Resource

ID: Json = {"type": "string", "pattern": "^[A-Za-z0-9]{10}$"}
ADDRESS: Json = {"type": "string", "format": "uri"}
ENDS: Json = {"self": ADDRESS, "related": ADDRESS}
# No `uri` in the strict sense: the brackets of `page[number]` stay legible.
PAGES: Json = {key: {"type": "string"} for key in ("first", "prev", "next", "last")}
# What a body may have beside its resource.
UNREAD: Json = {"description": "Part of JSON:API; not read here."}


def ref(name: str, kind: str = "schemas") -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def closed(properties: Json, required: Sequence[str] = ()) -> Json:
    """An object that has these properties and no others."""
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def schemas_of(resource: Resource) -> dict[str, Json]:
    """The components that one resource brings."""
    name = resource.type
    found = {
        name: _object(resource),
        f"{name}_identifier": closed({"type": {"const": name}, "id": ref("id")}, ["type", "id"]),
        f"{name}_document": document_of([resource]),
        f"{name}_list": list_of(resource),
    }
    for action in ("create", "update"):
        if action in resource.actions:
            found[f"{name}_{action}"] = _body(resource, action)
    return found


def common_schemas() -> dict[str, Json]:
    """What all resources share."""
    return {
        "id": ID,
        "relationship_links": closed(ENDS, list(ENDS)),
        "page_links": closed(PAGES, ["first"]),
        "page_meta": closed(
            {name: {"type": "integer", "minimum": 0} for name in ("record_count", "page_count")},
            ["record_count", "page_count"],
        ),
        "resource": {
            "description": "Any resource; `type` says which.",
            "anyOf": [ref(resource.type) for resource in registry.registered()],
            "discriminator": {
                "propertyName": "type",
                "mapping": {
                    resource.type: f"#/components/schemas/{resource.type}"
                    for resource in registry.registered()
                },
            },
        },
        "included": {
            "description": "What `include` asked for, each resource once.",
            "type": "array",
            "items": ref("resource"),
        },
    }


def document_of(resources: Sequence[Resource], *, or_nothing: bool = False) -> Json:
    """The answer with one resource of these types; or with none, as a to-one may be empty."""
    objects = [ref(resource.type) for resource in resources]
    if or_nothing:
        objects.append({"type": "null"})
    data = objects[0] if len(objects) == 1 else {"anyOf": objects}
    return closed({"data": data, "included": ref("included")}, ["data"])


def list_of(resource: Resource) -> Json:
    parts = {
        "data": {"type": "array", "items": ref(resource.type)},
        "links": ref("page_links"),
        "included": ref("included"),
    }
    return _with_counts(parts, resource)


def identifiers_of(facts: RelationshipFacts, targets: Sequence[Resource]) -> Json:
    """The answer of a relationship endpoint."""
    if facts.many and targets:
        links = {
            **common_schemas()["page_links"]["properties"],
            "self": ADDRESS,
            "related": ADDRESS,
        }
        parts = {"data": _linkage(facts, targets), "links": closed(links, ["self", "related"])}
        return _with_counts(parts, targets[0])
    data = _linkage(facts, targets) if targets else {"type": "null"}
    return closed({"data": data, "links": ref("relationship_links")}, ["data", "links"])


def _with_counts(parts: Json, resource: Resource) -> Json:
    """Pages by number tell how many there are; pages by cursor do not count."""
    if resource.cursor_paging:
        return closed(parts, ["data", "links"])
    return closed({**parts, "meta": ref("page_meta")}, ["data", "links", "meta"])


def _object(resource: Resource) -> Json:
    parts: Json = {"id": ref("id"), "type": {"const": resource.type}}
    if resource.stored:
        parts["links"] = closed({"self": ADDRESS}, ["self"])
    parts["attributes"] = closed(attributes.answered(resource))
    required = [*parts, "meta"]
    if resource.relationships:
        parts["relationships"] = closed(
            {name: _relationship(resource, facts) for name, facts in resource.relationships.items()}
        )
    parts["meta"] = {
        "type": "object",
        "properties": {"mode": {"enum": ["test", "live"]}},
        "required": ["mode"],
    }
    return closed(parts, required)


def _relationship(resource: Resource, facts: RelationshipFacts) -> Json:
    """``data`` is there only if the relationship is included."""
    linkage = _linkage(facts, registry.targets(resource, facts.name))
    if not resource.stored:
        return closed({"data": linkage}, ["data"])
    return closed({"links": ref("relationship_links"), "data": linkage}, ["links"])


def _linkage(facts: RelationshipFacts, targets: Sequence[Resource], *, null: bool = True) -> Json:
    options = [ref(f"{target.type}_identifier") for target in targets]
    if facts.many:
        one = options[0] if len(options) == 1 else {"anyOf": options}
        return {"type": "array", "items": one if options else False}
    if null:
        options.append({"type": "null"})
    return options[0] if len(options) == 1 else {"anyOf": options}


# What is sent


def _body(resource: Resource, action: str) -> Json:
    parts: Json = {"type": {"const": resource.type}}
    required = ["type"]
    if action == "update":
        parts["id"] = ref("id")
        required.append("id")
    members = {
        "attributes": attributes.sent(resource, action),
        "relationships": _references(resource, action),
    }
    for name, known in members.items():
        needed = [each for each in known if action == "create" and _is_required(resource, each)]
        parts[name] = closed(known, needed)
        if needed:
            required.append(name)
    beside = dict.fromkeys(sorted(TOP_LEVEL - {"data"}), UNREAD)
    return closed({"data": closed(parts, required), **beside}, ["data"])


def _is_required(resource: Resource, name: str) -> bool:
    facts = resource.attributes.get(name) or resource.relationships[name]
    return "required" in facts.flags and name not in resource.named_by


def _references(resource: Resource, action: str) -> Json:
    found = {}
    for name, facts in resource.relationships.items():
        if action in facts.flags:
            # Of all types that are served: what is named is not always what it is stored as.
            targets = [target for each in facts.to if (target := registry.find(each))]
            linkage = _linkage(facts, targets, null=may_be_null(resource, facts))
            found[name] = {"type": "object", "properties": {"data": linkage}, "required": ["data"]}
    return found
