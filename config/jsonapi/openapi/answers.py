"""Answers: their headers, and every error in its one shape."""

from config.jsonapi.errors import MEDIA_TYPE
from config.jsonapi.handling import BY_STATUS
from config.jsonapi.openapi.attributes import Json
from config.jsonapi.openapi.resources import closed, ref

# What goes wrong, by what is asked; statuses that any request may get come first.
ANY = (400, 401, 406, 414, 429, 500, 503)
BODY = (409, 413, 415, 422, 423)
HEADERS: dict[str, Json] = {
    "X-Request-Id": {
        "description": "The request's name in the log: the one it was sent with, or a new one.",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Sent back in `If-None-Match`, it makes an answer that has not changed 304.",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Where the new resource is.",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
    },
    "Retry-After": {
        "description": "Seconds until it makes sense to ask again.",
        "required": True,
        "schema": {"type": "integer"},
    },
    "WWW-Authenticate": {"schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "This is the answer of an earlier request with the same key.",
        "schema": {"const": "true"},
    },
    "X-Ratelimit-Limit": {
        "description": "How many requests a client may make in an interval, if that is limited.",
        "schema": {"type": "integer"},
    },
    "X-Ratelimit-Interval": {
        "description": "The length of the interval in seconds.",
        "schema": {"type": "integer"},
    },
    "X-Ratelimit-Remaining": {
        "description": "How many requests are left in this interval.",
        "schema": {"type": "integer"},
    },
}
ALWAYS = ("X-Request-Id", "X-Ratelimit-Limit", "X-Ratelimit-Interval", "X-Ratelimit-Remaining")
ERROR = closed(
    {
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "What programs go by, such as RECORD_NOT_FOUND."},
        "status": {"type": "string", "pattern": "^[45][0-9]{2}$"},
        "source": {
            "description": "Where it lies: a JSON pointer into the body, or a query parameter.",
            "type": "object",
            "properties": {"pointer": {"type": "string"}, "parameter": {"type": "string"}},
            "additionalProperties": False,
        },
        "meta": {"type": "object"},
    },
    ["title", "detail", "code", "status"],
)


def common_schemas() -> dict[str, Json]:
    errors = {"type": "array", "minItems": 1, "items": ref("error")}
    return {"error": ERROR, "errors": closed({"errors": errors}, ["errors"])}


def common_answers() -> dict[str, Json]:
    """One component for each error, and those for answers that have no body."""
    found = {
        f"error_{status}": {
            "description": detail,
            "headers": headers(*_headers_of(status)),
            "content": {MEDIA_TYPE: {"schema": ref("errors")}},
        }
        for status, (_title, detail, _code) in BY_STATUS.items()
    }
    return {
        **found,
        "not_modified": {
            "description": "The client has this answer already.",
            "headers": headers("ETag"),
        },
        # Said by the web server, before the API is asked.
        "error_414": {"description": "The address is longer than the web server takes (8 kB)."},
        "deleted": {"description": "It is gone.", "headers": headers()},
    }


def errors(*statuses: int) -> Json:
    return {str(status): ref(f"error_{status}", "responses") for status in sorted(statuses)}


def answer(description: str, schema: Json, *extra: str, media_type: str = MEDIA_TYPE) -> Json:
    """A good answer, with the headers that it has besides those that all have."""
    return {
        "description": description,
        "headers": headers(*extra),
        "content": {media_type: {"schema": schema}},
    }


def headers(*extra: str) -> Json:
    return {name: ref(name, "headers") for name in (*ALWAYS, *extra)}


def _headers_of(status: int) -> tuple[str, ...]:
    return {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}.get(
        status, ()
    )
