"""The token endpoints in the API's documentation."""

from typing import Any

from config.jsonapi.openapi.answers import answer, common_schemas
from config.jsonapi.openapi.endpoints import describe, describe_tag
from config.jsonapi.openapi.resources import closed

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
TEXT = {"type": "string"}
CREDENTIALS = {"client_id": TEXT, "client_secret": TEXT}
SCOPE = {
    **TEXT,
    "description": "Which market: `market:all`, `market:id:…` or `market:code:…`. It may be "
    "left out, as a client has one scope, which is what the answer names: a sales channel "
    "gets its market whichever way it asks, all other clients all markets. Asking for anything "
    "else is refused with `invalid_scope`.",
}
TOKEN = {
    "access_token": {**TEXT, "description": "A JWT, sent as `Authorization: Bearer …`."},
    "token_type": {"const": "Bearer"},
    "expires_in": {"type": "integer", "description": "Seconds."},
    "scope": TEXT,
    "created_at": {"type": "integer", "description": "Seconds since 1970."},
}
# OAuth's own words, and the shape that all other errors of the API have.
ERROR = closed(
    {"error": TEXT, "error_description": TEXT, **common_schemas()["errors"]["properties"]},
    ["error", "error_description", "errors"],
)
KEYS = {
    "type": "object",
    "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
    "required": ["keys"],
}


def _parameters(known: Any, required: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": known,
        "required": list(required),
        "additionalProperties": {"type": ["string", "null"]},
    }


def _operation(name: str, summary: str, taken: Any, answered: Any) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": taken}, FORM: {"schema": taken}},
        },
        "responses": {
            "200": answer("Done.", answered, media_type=JSON),
            "400": answer("The request is refused.", ERROR, media_type=JSON),
            "401": answer(
                "Nobody knows the client or its secret.",
                ERROR,
                "WWW-Authenticate",
                media_type=JSON,
            ),
            "413": answer("The body is too large.", ERROR, media_type=JSON),
            "500": answer("Something went wrong on our side.", ERROR, media_type=JSON),
        },
    }


def describe_endpoints() -> None:
    """Put them into the document."""
    describe_tag(
        "tokens",
        "How a client gets a token, gives it back, and checks who signed it: OAuth 2, client "
        "credentials. The client may also name itself by HTTP Basic.",
    )
    asked = {"grant_type": {"const": "client_credentials"}, **CREDENTIALS}
    taken = _parameters({**asked, "scope": SCOPE}, asked)
    token = _operation("token", "Get a token", taken, closed(TOKEN, list(TOKEN)))
    given = {**CREDENTIALS, "token": TEXT}
    revoke = _operation("revoke", "Give a token back", _parameters(given, given), closed({}))
    jwks = {
        "operationId": "jwks",
        "summary": "The keys that tokens are checked with",
        "security": [],
        "responses": {"200": answer("A JSON Web Key Set.", KEYS, media_type=JSON)},
    }
    describe("/oauth/token", "tokens", {"post": token})
    describe("/oauth/revoke", "tokens", {"post": revoke})
    describe("/.well-known/jwks.json", "tokens", {"get": jwks})
