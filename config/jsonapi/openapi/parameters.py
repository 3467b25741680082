"""What can stand in an address: pages, includes, fieldsets, sorting, filters."""

from collections.abc import Iterator, Sequence

from config.jsonapi import registry
from config.jsonapi.includes import MAX_DEPTH
from config.jsonapi.openapi.attributes import Json
from config.jsonapi.openapi.filters import filters_of
from config.jsonapi.openapi.resources import closed, ref
from config.jsonapi.paging import DEFAULT_SIZE, LARGEST_SIZE
from config.jsonapi.resource import Resource
from config.jsonapi.sorting import sortable

LARGEST_NUMBER = 10**18 - 1
SIZE: Json = {
    "type": "integer",
    "minimum": 1,
    "maximum": LARGEST_SIZE,
    "default": DEFAULT_SIZE,
}
FILTER = (
    "`filter[q][<attribute>_<predicate>]=<value>`: the resources for which every filter holds. "
    "Attributes of one type can be joined by `_or_`; those behind a relationship begin with its "
    "name (`customer_email_eq`), over up to three relationships, of which the schema here has the "
    "first. Several values are joined by commas."
)


def common_parameters() -> dict[str, Json]:
    number = {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER, "default": 1}
    return {
        "id": {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "Which one.",
            "schema": ref("id"),
        },
        "page": _deep(
            "page",
            f"Which page, from 1, and how many resources on it: at most {LARGEST_SIZE}.",
            closed({"number": number, "size": SIZE}),
        ),
        "cursor": _deep(
            "page",
            "The page after an entry (its id), newest first; `links.next` has the next one.",
            closed({"after": {"type": "string"}, "size": SIZE}),
        ),
        "fields": _deep(
            "fields",
            "`fields[<type>]`: only these attributes and relationships of a type, with commas.",
            closed({each.type: _fieldset(each) for each in registry.registered()}),
        ),
        "idempotency_key": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Sent again within 24 hours with the same body, a request is not done "
            "again: it gets the first answer.",
            "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
        },
    }


def parameters_of(resource: Resource) -> dict[str, Json]:
    """The components that one resource brings; what is not stored is in no list."""
    found = {}
    if include := include_of([resource]):
        found[f"{resource.type}_include"] = include
    if not resource.stored:
        return found
    filters = ref(f"{resource.type}_filters")
    found[f"{resource.type}_filter"] = _deep("filter[q]", FILTER, filters)
    if criteria := list(sortable(resource)):
        found[f"{resource.type}_sort"] = _listed(
            "sort",
            "Sorted by these, one after the other; `-` turns the order round.",
            {"enum": [f"{sign}{name}" for name in criteria for sign in ("", "-")]},
        )
    return found


def schemas_of_filters(resource: Resource) -> dict[str, Json]:
    return {f"{resource.type}_filters": filters_of(resource)}


def for_answers(resources: Sequence[Resource]) -> list[Json]:
    """What every request takes that is answered with a resource of these types."""
    found = [ref("fields", "parameters")]
    if len(resources) == 1 and _included(resources):
        found.append(ref(f"{resources[0].type}_include", "parameters"))
    elif include := include_of(resources):
        found.append(include)
    return found


def for_choosing(resource: Resource) -> list[Json]:
    """What lists take on top: which rows, in which order, and how many."""
    page = ref("cursor" if resource.cursor_paging else "page", "parameters")
    return [page, *for_sorting(resource), ref(f"{resource.type}_filter", "parameters")]


def for_sorting(resource: Resource) -> list[Json]:
    """The order; on writes it means nothing, and is taken all the same."""
    if not resource.stored or next(sortable(resource), None) is None:
        return []
    return [ref(f"{resource.type}_sort", "parameters")]


def include_of(resources: Sequence[Resource]) -> Json | None:
    """The parameter for answers of these types: exact for two relationships in a row."""
    names = _included(resources)
    if not names:
        return None
    paths = "|".join(
        f"{name}([.]({'|'.join(beyond)}))?" if beyond else name for name, beyond in names.items()
    )
    return _listed(
        "include",
        f"Related resources to bring along: {', '.join(f'`{name}`' for name in names)}. Dots lead "
        f"on from there, over up to {MAX_DEPTH} relationships, of which the schema here has two.",
        {"type": "string", "pattern": f"^({paths})$"},
    )


def _included(resources: Sequence[Resource]) -> dict[str, dict[str, None]]:
    """The relationships that can be included, each with those that can follow it."""
    found: dict[str, dict[str, None]] = {}
    for resource in resources:
        for name in _includable(resource):
            beyond = found.setdefault(name, {})
            for target in registry.targets(resource, name):
                beyond |= dict.fromkeys(_includable(target))
    return found


def _includable(resource: Resource) -> Iterator[str]:
    return (name for name, facts in resource.relationships.items() if facts.includable)


def _fieldset(resource: Resource) -> Json:
    names = "|".join(
        [name for name, facts in resource.attributes.items() if "fetch" in facts.flags]
        + list(resource.relationships)
    )
    return {"type": "string", "pattern": f"^(({names})(,({names}))*)?$"}


def _deep(name: str, description: str, schema: Json) -> Json:
    """A parameter of the form ``name[key]=value``."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "style": "deepObject",
        "explode": True,
        "schema": schema,
    }


def _listed(name: str, description: str, items: Json) -> Json:
    """A parameter of the form ``name=value,value``."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "style": "form",
        "explode": False,
        "allowEmptyValue": True,
        "schema": {"type": "array", "items": items},
    }
