"""Test and live data in the admin: which of the two somebody works on, and no mixing them up.

The mode is chosen by the switch at the top of every page and kept in the session. Each form says
which mode it was opened in (``config.templatetags.forms`` writes that beside the CSRF token), and
a link may say so too (``?_mode=live``). What was opened in one mode is refused in the other.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# What a form or a link says of the mode it was opened in, and that the sender wants that mode back.
FIELD = "_mode"
SWITCH_BACK = "_switch_back"
IN_SESSION = "mode"

NAMES = {"test": _("test"), "live": _("live")}
# Pages that show no data of either mode.
WITHOUT_MODE = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "jsi18n",
    "mode",
    "unsent",
}
CONFLICT = 409


class OtherMode(Exception):
    """Somebody asked for something that exists, but in the other mode.

    ``what`` is its name in the user's words: «order 1001».
    """

    def __init__(self, what: str, mode: str) -> None:
        super().__init__(what, mode)
        self.what, self.mode = what, mode


def mode_of(request: HttpRequest) -> str:
    """Which data this request works on: ``test`` or ``live``."""
    return request.mode  # type: ignore[attr-defined]


def choose_mode(request: HttpRequest, mode: str) -> None:
    """Work on the data of this mode from now on; ValueError for a mode there is not."""
    if mode not in settings.MODES:
        raise ValueError(mode)
    request.session[IN_SESSION] = mode
    request.mode = mode  # type: ignore[attr-defined]


def page_to_switch_on(request: HttpRequest) -> str:
    """Where the switch leads: the same page, or the list when the page is about one object."""
    match = request.resolver_match
    if match is None or match.app_name != "admin":
        return reverse("admin:index")
    if not match.args and not match.kwargs:
        return request.path
    model = (match.url_name or "").rpartition("_")[0]
    try:
        return reverse(f"admin:{model}_changelist")
    except NoReverseMatch:
        return reverse("admin:index")


class ModeMiddleware:
    """Tells each request of the admin its mode, and refuses what was opened in the other one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name != "admin":
            return None
        request.mode = request.session.get(  # type: ignore[attr-defined]
            IN_SESSION, settings.DEFAULT_MODE
        )
        if match.url_name in WITHOUT_MODE or not request.user.is_authenticated:
            return None
        said = _taken_from_address(request)
        return (
            self._refuse_form(request)
            if request.method == "POST"
            else self._refuse_link(request, said)
        )

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OtherMode):
            return None
        return refusal(
            request,
            "admin/other_mode.html",
            {"what": error.what, "mode": error.mode, "here": request.get_full_path()},
        )

    @staticmethod
    def _refuse_form(request: HttpRequest) -> HttpResponse | None:
        """Refuse a form of the other mode, keeping all that was typed; one without any as well.

        A form that does not say its mode was made without the CSRF tag: better found out at the
        first try than by a live order that was meant to be a test.
        """
        said = request.POST.get(FIELD)
        if said in settings.MODES and SWITCH_BACK in request.POST:
            choose_mode(request, said)
        if said == mode_of(request):
            return None
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in {"csrfmiddlewaretoken", FIELD, SWITCH_BACK}
        ]
        return refusal(
            request,
            "admin/form_of_other_mode.html",
            {
                "mode": said if said in settings.MODES else None,
                "typed": typed,
                "dialog": "HX-Request" in request.headers,
            },
        )

    @staticmethod
    def _refuse_link(request: HttpRequest, said: str | None) -> HttpResponse | None:
        if said is None or said == mode_of(request) or said not in settings.MODES:
            return None
        return refusal(
            request,
            "admin/other_mode.html",
            {"what": None, "mode": said, "here": request.get_full_path()},
        )


def _taken_from_address(request: HttpRequest) -> str | None:
    """The mode that the address says; lists would take the word for a filter, so it is gone."""
    if FIELD not in request.GET:
        return None
    rest = request.GET.copy()
    said = rest.pop(FIELD)[-1]
    request.GET = rest  # type: ignore[assignment]
    request.META["QUERY_STRING"] = rest.urlencode()
    return str(said)


def refusal(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Make a page of the admin that says why not, and offers to switch."""
    from config.admin_site import shop_site  # noqa: PLC0415 (which needs this module)

    page = shop_site.show(
        request,
        template,
        title=_("Other data"),
        status=CONFLICT,
        mode_name=NAMES.get(context["mode"] or ""),
        **context,
    )
    return page.render()
