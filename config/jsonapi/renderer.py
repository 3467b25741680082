"""The media type of all answers, and which requests may have them."""

from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework_json_api.renderers import JSONRenderer

from config.jsonapi.errors import MEDIA_TYPE

ACCEPTED = {MEDIA_TYPE, "application/*", "*/*"}


class Renderer(JSONRenderer):
    """Writes documents, which ``documents`` has made already, as JSON."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Any = None,
    ) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, option=orjson.OPT_PASSTHROUGH_DATETIME)
        except orjson.JSONEncodeError:  # somebody's metadata has numbers of more than 64 bits
            return renderers.JSONRenderer.render(self, data)


class Negotiation(BaseContentNegotiation):
    """A client may ask for JSON:API, or for anything; parameters of the type are not understood."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: Any = None
    ) -> tuple[Any, str]:
        accept = request.headers.get("Accept", "*/*")
        if not any(_is_accepted(each) for each in accept.split(",")):
            raise NotAcceptable
        return renderers[0], MEDIA_TYPE


def _is_accepted(part: str) -> bool:
    """Whether a part of ``Accept`` takes JSON:API; a weight is the only parameter it may have."""
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [each.removeprefix("q=") for each in parameters if each.startswith("q=")]
    if len(weights) < len(parameters) and media_type == MEDIA_TYPE:
        return False
    return media_type in ACCEPTED and not any(_is_zero(weight) for weight in weights)


def _is_zero(weight: str) -> bool:
    try:
        return float(weight) == 0
    except ValueError:
        return False
