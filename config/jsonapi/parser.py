"""Reading bodies: JSON:API documents, and nothing that the database could choke on."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework_json_api.parsers import JSONParser

from config.jsonapi.errors import MEDIA_TYPE, bad_body, not_allowed
from config.jsonapi.storable import why_not_storable

# What a document has beside its resource; nothing here reads more than ``data``.
TOP_LEVEL = {"data", "jsonapi", "links", "meta"}


class Parser(JSONParser):
    """Answers the document as it is; what it means is for ``bodies`` to say.

    The parser that it stands on flattens documents into form data, and crashes on shapes that it
    does not expect.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            body = json.loads(
                stream.read().decode("utf-8"),
                parse_constant=_refuse_constant,
                object_pairs_hook=_object,
            )
        except UnicodeDecodeError:
            raise bad_body("It is not UTF-8.") from None
        except RecursionError:
            raise bad_body("It is nested too deeply.") from None
        except json.JSONDecodeError as error:
            raise bad_body(f"It is not JSON: {error}.") from None
        except ValueError:  # what Python says of integers beyond its limit is for programmers
            raise bad_body("It has a number that is too large.") from None
        if reason := why_not_storable(body):
            raise bad_body(f"It {reason}.")
        if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
            raise bad_body("It has no resource object under data.", pointer="/data")
        if unknown := sorted(body.keys() - TOP_LEVEL):
            raise not_allowed("PARAM_NOT_ALLOWED", unknown[0], pointer=f"/{unknown[0]}")
        return body


def check_content_type(content_type: str) -> None:
    """The media type alone, without parameters, as JSON:API has it."""
    if content_type.strip().lower() != MEDIA_TYPE:
        raise UnsupportedMediaType(content_type)


def check_content_encoding(encoding: str) -> None:
    """Bodies are sent as they are: nothing here unpacks a compressed one."""
    if encoding.strip().lower() != "identity":
        raise UnsupportedMediaType(encoding)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members all count: of two with one name, one would be dropped in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise bad_body(f"An object has {twice} more than once.")
    return found


def _refuse_constant(name: str) -> Any:
    raise bad_body(f"It is not JSON: {name} is no number.")
