"""The addresses of a resource and what each method does there."""

from collections.abc import Iterator, Sequence

from config.jsonapi import registry
from config.jsonapi.errors import MEDIA_TYPE
from config.jsonapi.links import PREFIX
from config.jsonapi.openapi import parameters
from config.jsonapi.openapi.answers import ANY, BODY, answer, errors
from config.jsonapi.openapi.attributes import Json
from config.jsonapi.openapi.resources import document_of, identifiers_of, ref
from config.jsonapi.resource import Resource

ID = ref("id", "parameters")
# How the operations end that every relationship has.
RELATED, IDS = "_related", "_ids"


def paths_of(resource: Resource) -> Iterator[tuple[str, Json]]:
    """Each address with the operations that it takes."""
    base = f"{PREFIX}/{resource.type}"
    on_lists = {"list": ("get", _list), "create": ("post", _create)}
    on_one = {
        "retrieve": ("get", _retrieve),
        "update": ("patch", _update),
        "delete": ("delete", _delete),
    }
    for path, makers in ((base, on_lists), (f"{base}/{{id}}", on_one)):
        item = {
            method: make(resource)
            for action, (method, make) in makers.items()
            if action in resource.actions
        }
        if item:
            yield path, item
    if resource.singleton:
        yield f"{PREFIX}/{resource.singleton}", {"get": _only(resource)}
        for name in resource.relationships:
            item = {"get": _related_to_only(resource, name)}
            yield f"{PREFIX}/{resource.singleton}/{{id}}/{name}", item
    for name in resource.relationships if resource.stored else ():
        yield f"{base}/{{id}}/{name}", {"get": _related(resource, name)}
        yield f"{base}/{{id}}/relationships/{name}", {"get": _relationship(resource, name)}


def _list(resource: Resource) -> Json:
    return {
        **_about(resource, "list", f"List {words(resource.type)}"),
        "parameters": [*parameters.for_answers([resource]), *parameters.for_choosing(resource)],
        "responses": _read(ref(f"{resource.type}_list")),
    }


def _create(resource: Resource) -> Json:
    return {
        **_about(resource, "create", f"Create {words(resource.type)}"),
        "parameters": [
            *parameters.for_answers([resource]),
            *parameters.for_sorting(resource),
            ref("idempotency_key", "parameters"),
        ],
        "requestBody": _body(f"{resource.type}_create"),
        "responses": {**_made(resource), **errors(*ANY, *BODY)},
    }


def _made(resource: Resource) -> Json:
    if not resource.stored:
        return {"200": answer("Worked out.", _document(resource), "Idempotent-Replayed")}
    made = answer("Made.", _document(resource), "Location", "Idempotent-Replayed")
    made["links"] = {
        action: {
            "operationId": f"{resource.type}_{action}",
            "parameters": {"id": "$response.body#/data/id"},
        }
        for action in ("retrieve", "update", "delete")
        if action in resource.actions
    }
    return {"201": made}


def _retrieve(resource: Resource) -> Json:
    return {
        **_about(resource, "retrieve", f"Retrieve {words(resource.type)} by id"),
        "parameters": [ID, *parameters.for_answers([resource])],
        "responses": _read(_document(resource), 404),
    }


def _only(resource: Resource) -> Json:
    about = _about(resource, "retrieve", "Retrieve the only one that there is")
    return {
        **about,
        "operationId": f"{resource.type}_only",
        "parameters": parameters.for_answers([resource]),
        "responses": _read(_document(resource), 404),
    }


def _related_to_only(resource: Resource, name: str) -> Json:
    return {**_related(resource, name), "operationId": f"{resource.type}_only_{name}"}


def _update(resource: Resource) -> Json:
    return {
        **_about(resource, "update", f"Update {words(resource.type)} by id"),
        "parameters": [
            ID,
            *parameters.for_answers([resource]),
            *parameters.for_sorting(resource),
        ],
        "requestBody": _body(f"{resource.type}_update"),
        "responses": {
            "200": answer("Changed.", _document(resource)),
            **errors(*ANY, 404, *BODY),
        },
    }


def _delete(resource: Resource) -> Json:
    return {
        **_about(resource, "delete", f"Delete {words(resource.type)} by id"),
        "parameters": [ID],
        "responses": {"204": ref("deleted", "responses"), **errors(*ANY, 404, 409, 422, 423)},
    }


def _related(resource: Resource, name: str) -> Json:
    targets = registry.targets(resource, name)
    about = _about_relationship(resource, name, RELATED, f"What {words(name)} leads to")
    if resource.relationships[name].many and targets:
        taken = [*parameters.for_answers(targets[:1]), *parameters.for_choosing(targets[0])]
        schema = ref(f"{targets[0].type}_list")
    else:
        taken = parameters.for_answers(targets)
        schema = document_of(targets, or_nothing=True)
    return {**about, "parameters": [ID, *taken], "responses": _read(schema, 404)}


def _relationship(resource: Resource, name: str) -> Json:
    targets = registry.targets(resource, name)
    facts = resource.relationships[name]
    about = _about_relationship(resource, name, IDS, f"The ids that {words(name)} leads to")
    taken = parameters.for_choosing(targets[0]) if facts.many and targets else []
    return {
        **about,
        "parameters": [ID, *taken],
        "responses": _read(identifiers_of(facts, targets), 404),
    }


# Parts


def words(name: str) -> str:
    return name.replace("_", " ")


def _about(resource: Resource, action: str, summary: str) -> Json:
    return {
        "tags": [resource.type],
        "operationId": f"{resource.type}_{action}",
        "summary": summary,
        "x-client-kinds": list(resource.kinds(action)),
    }


def _about_relationship(resource: Resource, name: str, suffix: str, summary: str) -> Json:
    description = resource.relationships[name].description
    return {
        "tags": [resource.type],
        "operationId": f"{resource.type}_{name}{suffix}",
        "summary": summary,
        **({"description": description} if description else {}),
        "x-client-kinds": _kinds_beyond(resource, name, registry.targets(resource, name)),
    }


def _kinds_beyond(resource: Resource, name: str, targets: Sequence[Resource]) -> list[str]:
    """Who may see both ends."""
    many = resource.relationships[name].many
    found = list(resource.kinds("retrieve"))
    for target in targets:
        action = "list" if many and "list" in target.actions else "retrieve"
        found = [kind for kind in found if kind in target.kinds(action)]
    return found


def _document(resource: Resource) -> Json:
    return ref(f"{resource.type}_document")


def _body(name: str) -> Json:
    return {"required": True, "content": {MEDIA_TYPE: {"schema": ref(name)}}}


def _read(schema: Json, *statuses: int) -> Json:
    return {
        "200": answer("As asked for.", schema, "ETag"),
        "304": ref("not_modified", "responses"),
        **errors(*ANY, *statuses),
    }
