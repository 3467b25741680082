"""The admin as one site: its pages beyond those of models, the mode switch, the sidebar."""

from collections.abc import Callable
from copy import copy
from functools import partial, wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from config import unsent
from config.modes import NAMES, SWITCH_BACK, choose_mode

View = Callable[..., HttpResponse]


class ShopSite(UnfoldAdminSite):
    """The admin of the shop; ``page`` adds a page that belongs to no model."""

    index_title = _("Home")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[URLPattern] = []

    def page(self, route: str, *, name: str, permission: str) -> Callable[[View], View]:
        """Put a view on the site, for staff who have this permission, checked on each request."""

        def register(view: View) -> View:
            @wraps(view)
            def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                if not request.user.has_perm(permission):
                    raise PermissionDenied
                return view(request, *args, **kwargs)

            self._pages.append(path(route, self.admin_view(allowed), name=name))
            return view

        return register

    def show(
        self,
        request: HttpRequest,
        template: str,
        *,
        title: str | Promise,
        status: int = 200,
        **context: Any,
    ) -> TemplateResponse:
        """Answer a page with the frame that all pages of the admin have."""
        request.current_app = self.name
        frame = self.each_context(request)
        return TemplateResponse(
            request, template, {**frame, "title": title, **context}, status=status
        )

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """All models that somebody may see. Every page asks for them, and next to none shows them.

        What is shown is the shop's own navigation.
        """
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 (Django's)
        """Keep what somebody sends after their session has ended, and say so above the login."""
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return page(request, *args, **kwargs)
            if request.user.is_authenticated:
                if unsent.SENT_AGAIN in request.POST:
                    request.session.pop(unsent.IN_SESSION, None)
                return page(request, *args, **kwargs)
            ended = gettext("Your session has ended: log in to go on.")
            if unsent.has_nothing_typed(request):
                messages.warning(request, ended)
                return redirect_to_login(reverse("admin:index"), reverse("admin:login"))
            packed = unsent.pack(request)
            if not packed:
                lost = gettext("What you sent last was not saved.")
                messages.warning(request, f"{ended} {lost}")
                return page(request, *args, **kwargs)
            kept = gettext("What you sent last is kept until then.")
            messages.warning(request, f"{ended} {kept}")
            return self._ask_to_log_in(request, packed)

        return told

    def _ask_to_log_in(self, request: HttpRequest, packed: str) -> HttpResponse:
        # A form that nothing was sent to: this was not sent to the login.
        unfilled = copy(request)
        unfilled.method = "GET"
        asked = {"unsent": packed, "app_path": reverse("admin:login")}
        answer = cast("TemplateResponse", super().login(unfilled, asked))
        answer.status_code = 403
        return answer

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Log in, and lead to what was kept of a form that was sent too late."""
        packed = request.POST.get(unsent.FIELD, "")
        context = {**(extra_context or {}), "unsent": packed}
        answer = super().login(request, context)
        if packed and request.user.is_authenticated and unsent.keep(request, packed):
            return HttpResponseRedirect(reverse("admin:unsent"))
        return answer

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from config.passwords import OwnPasswordView  # noqa: PLC0415 (needs the models)

        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        return cast("HttpResponse", OwnPasswordView.as_view(extra_context=context)(request))

    def extra_urls(self) -> list[URLPattern]:
        return [
            path("mode/", self.admin_view(switch_mode), name="mode"),
            path("unsent/", self.admin_view(show_unsent), name="unsent"),
            *self._pages,
        ]


# Django makes the site when it is first used, from the app's configuration; here it has its type.
shop_site = cast("ShopSite", admin.site)


def show_unsent(request: HttpRequest) -> HttpResponse:
    """Offer to send what was kept of a form that was sent too late (GET), or drop it (POST)."""
    if request.method == "POST":
        request.session.pop(unsent.IN_SESSION, None)
    kept = request.session.get(unsent.IN_SESSION)
    if kept is None:
        return HttpResponseRedirect(reverse("admin:index"))
    return shop_site.show(
        request,
        "admin/unsent.html",
        title=_("What you sent last"),
        kept=kept,
        mode_name=NAMES.get(kept["mode"]),
        sent_again=unsent.SENT_AGAIN,
        writer=unsent.WRITER,
        signature=unsent.signature_of(request.user),
        switch_back=SWITCH_BACK,
    )


@require_POST
def switch_mode(request: HttpRequest) -> HttpResponse:
    """Work on the other data from now on, and go on with the page that was open."""
    try:
        choose_mode(request, request.POST.get("mode", ""))
    except ValueError:
        return HttpResponseBadRequest("There are two modes: test and live.")
    there = request.POST.get("next", "")
    # Not away from here, whatever a stranger wrote into a link.
    if not url_has_allowed_host_and_scheme(there, request.get_host(), request.is_secure()):
        there = reverse("admin:index")
    return HttpResponseRedirect(there)
