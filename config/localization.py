"""The user's own language and time zone, for the admin; the API speaks English and UTC to all."""

from collections.abc import Callable
from functools import cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import timezone, translation

# Written by admin.js, as the browser alone knows where its user is.
TIME_ZONE_COOKIE = "time_zone"


def is_admin(request: HttpRequest) -> bool:
    """Whether the request is for a page that a person reads."""
    return request.path_info.startswith(reverse("admin:index"))


class AdminLanguageMiddleware(LocaleMiddleware):
    """Speaks the browser's language in the admin.

    Everywhere else it speaks one language: messages of the API are part of its contract.
    """

    def process_request(self, request: HttpRequest) -> None:
        if is_admin(request):
            super().process_request(request)
        else:
            translation.activate(settings.LANGUAGE_CODE)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        return super().process_response(request, response) if is_admin(request) else response


class TimeZoneMiddleware:
    """Tells times of the admin in the zone of whoever reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = unquote(request.COOKIES.get(TIME_ZONE_COOKIE, ""))
        if not is_admin(request) or name not in zones():
            return self.get_response(request)
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)


@cache
def zones() -> set[str]:
    """All names of time zones; finding them out reads hundreds of files."""
    return available_timezones()
