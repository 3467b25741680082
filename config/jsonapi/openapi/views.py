"""The document itself, for programs; readable without a token, as documentation is."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from config.jsonapi.openapi.document import document


@csrf_exempt  # or it would be asked for a secret before it could say 405
@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(_text(), content_type="application/json")


@cache
def _text() -> str:
    return json.dumps(document(), ensure_ascii=False)
