"""The admin as one site: its pages beyond those of models, the mode switch, the sidebar."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from config.modes import choose_mode

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

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 (Django's)
        """Say why the login form comes in place of an answer when somebody sent something."""
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not request.user.is_authenticated:
                messages.warning(
                    request,
                    gettext(
                        "Your session has ended: log in to go on. What you sent last was not saved."
                    ),
                )
            return page(request, *args, **kwargs)

        return told

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from config.passwords import OwnPasswordView  # noqa: PLC0415 (needs the models)

        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        return cast("HttpResponse", OwnPasswordView.as_view(extra_context=context)(request))

    def extra_urls(self) -> list[URLPattern]:
        return [path("mode/", self.admin_view(switch_mode), name="mode"), *self._pages]


# Django makes the site when it is first used, from the app's configuration; here it has its type.
shop_site = cast("ShopSite", admin.site)


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
