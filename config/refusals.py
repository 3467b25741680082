"""Pages that say no where Django would speak to a programmer."""

import sys

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.defaults import server_error

from config import unsent
from config.postgres.errors import BACK_SOON_SECONDS, is_out_of_reach

# What Django says of a token that was good before a login. Whatever else it refuses came from
# another site, or would be refused again.
OTHER_TOKEN = "CSRF token from POST incorrect."  # noqa: S105 (a sentence)


def page_open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose CSRF token is not the browser's, and lead back to its page.

    What somebody typed before they logged in again in another window is offered to be sent. Django
    writes ``reason`` to the log; to whoever sent the form it would say nothing.
    """
    if reason == OTHER_TOKEN and request.user.is_authenticated:
        if unsent.has_nothing_typed(request):
            messages.warning(request, gettext("You have logged in meanwhile: press it once more."))
            return HttpResponseRedirect(reverse("admin:index"))
        # Or it is a login with what had been sent before.
        packed = unsent.pack(request) or request.POST.get(unsent.FIELD, "")
        if unsent.keep(request, packed):
            return HttpResponseRedirect(reverse("admin:unsent"))
    form = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(form, request.get_host(), request.is_secure()):
        form = reverse("admin:index")
    told = {"form": form, "is_of_another": _is_of_another(request)}
    return render(request, "page_open_too_long.html", told, status=403)


def _is_of_another(request: HttpRequest) -> bool:
    """Whether somebody else had opened the form than who is logged in now."""
    writer = unsent.writer_of(request)
    return request.user.is_authenticated and writer not in {None, str(request.user.pk)}


def crashed(request: HttpRequest) -> HttpResponse:
    """Answer what nothing else caught, which Django has in hand and in the log.

    A database that is out of reach is no crash, and may be back in a moment.
    """
    response = server_error(request)
    if is_out_of_reach(sys.exception()):
        response.status_code = 503
        response.headers["Retry-After"] = str(BACK_SOON_SECONDS)
    return response
