"""Pages that say no where Django would speak to a programmer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def page_open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's)
    """Refuse a form whose CSRF token is not the browser's, and lead back to its page.

    Django writes ``reason`` to the log; to whoever sent the form it would say nothing.
    """
    form = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(form, request.get_host(), request.is_secure()):
        form = reverse("admin:index")
    return render(request, "page_open_too_long.html", {"form": form}, status=403)
