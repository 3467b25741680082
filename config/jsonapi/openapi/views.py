"""The document itself, for programs; readable without a token, as documentation is."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.jsonapi.openapi.document import document


@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(_text(), content_type="application/json")


@cache
def _text() -> str:
    return json.dumps(document(), ensure_ascii=False)
