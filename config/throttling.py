"""Guessing passwords is slow: after a few failures nobody at that address may try that name."""

import re
from ipaddress import ip_address
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import ngettext

from config.admin_site import shop_site

WITH_PORT = re.compile(r"(\[(?P<ipv6>[^]]+)\]|(?P<ipv4>[0-9.]+))(:[0-9]+)?")


def client_address(request: HttpRequest) -> str | None:
    """Answer whose attempts are counted: what our own proxy says, or who is connected.

    A client can write anything at the beginning of X-Forwarded-For; the proxy adds the end.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return _address(forwarded.rpartition(",")[2].strip()) or request.META.get("REMOTE_ADDR")


def _address(said: str) -> str | None:
    """Answer the address alone: some proxies write a port behind it. None for what is none."""
    if match := WITH_PORT.fullmatch(said):
        said = match["ipv6"] or match["ipv4"]
    try:
        return str(ip_address(said))
    except ValueError:
        return None


def locked_out(
    request: HttpRequest, _answer: HttpResponse | None, _credentials: dict[str, Any] | None
) -> HttpResponse:
    """Show the login form again, saying when to come back."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    messages.error(
        request,
        ngettext(
            "Too many failed logins. Try again in %(minutes)d minute.",
            "Too many failed logins. Try again in %(minutes)d minutes.",
            minutes,
        )
        % {"minutes": minutes},
    )
    # A form that nothing was sent to: the login view would try the password again.
    request.method = "GET"
    answer = cast("TemplateResponse", shop_site.login(request))
    answer.status_code = settings.AXES_HTTP_RESPONSE_CODE
    return answer.render()
