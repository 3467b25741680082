"""What a list costs at least: a view that checks the token and answers bytes from memory."""

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


class WithToken(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None


class Bare(APIView):
    """Answers what it was given, to whoever has a token; a body is read and not looked at."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [WithToken]
    renderer_classes = [Renderer]
    body = b""

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(self.body, content_type=MEDIA_TYPE)

    def post(self, request: Request) -> HttpResponse:
        _ = request.body
        return HttpResponse(self.body, status=201, content_type=MEDIA_TYPE)


PATH = "/api/bare"
urlpatterns = [path(PATH.removeprefix("/"), Bare.as_view()), *real_addresses]
