"""What an answer costs at least: a view that checks the token and answers bytes from memory.

The server takes it in beside the shop's own addresses, so that both pass the same middleware.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.urls import path
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from config.jsonapi.errors import MEDIA_TYPE
from config.jsonapi.renderer import Renderer
from config.urls import urlpatterns as real_addresses
from orders.api.authentication import TokenAuthentication

BARE = "/api/bare"
# The folder with the answers, as files that have the names of methods.
ANSWERS = "BENCH_ANSWERS"


@cache
def answer_to(method: str) -> bytes:
    """The bytes that a real answer had; read once in each process."""
    return (Path(os.environ[ANSWERS]) / method).read_bytes()


class WithToken(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None


class Bare(APIView):
    """Answers whoever has a token; what was sent is read and not looked at."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [WithToken]
    renderer_classes = [Renderer]

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(answer_to("GET"), content_type=MEDIA_TYPE)

    def post(self, request: Request) -> HttpResponse:
        _ = request.body
        return HttpResponse(answer_to("POST"), status=201, content_type=MEDIA_TYPE)


urlpatterns = [path(BARE.removeprefix("/"), Bare.as_view()), *real_addresses]
