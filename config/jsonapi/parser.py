"""Reading bodies: JSON:API documents, and nothing that the database could choke on."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework_json_api.parsers import JSONParser

from config.jsonapi.errors import MEDIA_TYPE, bad_body

MAX_DEPTH = 64
# A NUL byte, and halves of characters that stand alone.
UNSTORABLE = re.compile("[\\0\ud800-\udfff]")


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
            body = json.loads(stream.read().decode("utf-8"), parse_constant=_refuse_constant)
        except UnicodeDecodeError:
            raise bad_body("It is not UTF-8.") from None
        except RecursionError:
            raise bad_body("It is nested too deeply.") from None
        except ValueError as error:
            raise bad_body(f"It is not JSON: {str(error)[:200]}.") from None
        check(body)
        if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
            raise bad_body("It has no resource object under data.", pointer="/data")
        return body


def check(body: Any) -> None:
    """Refuse what JSON may have and the database may not: NUL, half characters, infinity."""
    for value, depth in _walk(body):
        if depth > MAX_DEPTH:
            raise bad_body("It is nested too deeply.")
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise bad_body("It has a text with characters that cannot be stored.")
        if isinstance(value, float) and not math.isfinite(value):
            raise bad_body("It has a number that is too large.")


def check_content_type(content_type: str) -> None:
    """The media type alone, without parameters, as JSON:API has it."""
    if content_type.strip().lower() != MEDIA_TYPE:
        raise UnsupportedMediaType(content_type)


def _walk(body: Any) -> Iterator[tuple[Any, int]]:
    waiting = [(body, 1)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
