"""A small API behind the real door, so that the door can be tested without what is behind it.

It makes tags, the smallest resource there is, and can be told by a test to be slow or to fail.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.urls import path
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.jsonapi.handling import handle_exception
from config.urls import urlpatterns as real_addresses
from orders.api.authentication import TokenAuthentication
from orders.models import Tag

Deed = Callable[[], None]


class WithToken(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            raise NotAuthenticated
        return True


class Door(APIView):
    authentication_classes = [TokenAuthentication]
    permission_classes = [WithToken]
    renderer_classes = [JSONRenderer]
    before: Deed | None = None  # what happens before the tag is there
    after: Deed | None = None  # and after that

    def get_exception_handler(self) -> Any:
        return handle_exception


class WhoAmI(Door):
    def get(self, request: Request) -> Response:
        caller = request.auth
        return Response(
            {
                "mode": caller.mode,
                "kind": caller.kind,
                "client_id": caller.client_id,
                "market_id": caller.market_id,
                "who": caller.who.as_json(),
            }
        )


class Tags(Door):
    def post(self, request: Request) -> Response:
        if Door.before:
            Door.before()
        name = request.data.get("name")
        if not name:
            raise ValidationError({"name": "can't be blank"})
        tag = Tag.objects.create(mode=request.auth.mode, name=name)
        if Door.after:
            Door.after()
        return Response({"id": tag.pk}, status=201, headers={"Location": f"/api/tags/{tag.pk}"})


def drop_the_connection() -> None:
    """Let the database lose this process, as when it is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


urlpatterns = [
    path("api/whoami", WhoAmI.as_view()),
    path("api/tags", Tags.as_view()),
    *real_addresses,
]
