"""The question before an action of a list is carried out, on a page that has an address.

What was chosen in the list travels in the address, so the page can be reloaded and come back to.
The list's form is answered by leading there; the action is carried out by the form of that page.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from config.modes import FIELD, mode_of
from orders.admin.selection import Selection, Unreadable

# Where to go afterwards.
BACK = "back"


class AsksFirst:
    """An admin whose list has actions that ask before they act.

    Such an action answers GET with its question, whose form is sent to the same address, and None
    once it has acted.
    """

    opts: Any
    admin_site: Any
    asks_first: tuple[str, ...] = ("delete_selected",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.ask_view)
        return [
            path("ask/<str:asked>/", view, name=f"{self._label}_ask"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @property
    def _label(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponseBase | None:
        name, selection = _pressed(request), Selection.sent(request)
        if not selection or name not in self.asks_first or name not in self._offered(request):
            return super().response_action(request, queryset)  # type: ignore[misc]
        back = request.POST.get(BACK) or request.get_full_path()
        rest = urlencode({BACK: back, FIELD: mode_of(request)})
        address = reverse(f"admin:{self._label}_ask", args=[name])
        return HttpResponseRedirect(f"{address}?{selection.query_string()}&{rest}")

    def ask_view(self, request: HttpRequest, asked: str) -> HttpResponseBase:
        """Ask before an action is carried out (GET), carry it out (POST)."""
        if asked not in self.asks_first:
            raise Http404
        if asked not in self._offered(request):
            raise PermissionDenied
        try:
            rows = Selection.read(request.GET).rows(request, self)
        except Unreadable:
            rows = None
        if rows is None or not rows.exists():
            messages.warning(request, gettext("What you chose is not there any more."))
            return HttpResponseRedirect(self.way_back(request))
        answer: HttpResponse | None = self._offered(request)[asked][0](self, request, rows)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            # Django's own question names each row in its form: too many fields to be sent again.
            answer.context_data.pop("queryset", None)
        return answer or HttpResponseRedirect(self.way_back(request))

    def way_back(self, request: HttpRequest) -> str:
        """Where the question was asked for: the list with its filters, or another page."""
        back = request.GET.get(BACK, "")
        if url_has_allowed_host_and_scheme(back, request.get_host(), request.is_secure()):
            return back
        return reverse(f"admin:{self._label}_changelist")

    def _offered(self, request: HttpRequest) -> dict[str, Any]:
        """The actions that this person may take, by name."""
        if not self.has_view_or_change_permission(request):  # type: ignore[attr-defined]
            return {}
        offered: dict[str, Any] = self.get_actions(request)  # type: ignore[attr-defined]
        return offered


def _pressed(request: HttpRequest) -> str:
    """Which action was chosen beside the button that was pressed: a list can have two of them."""
    names = request.POST.getlist("action")
    index = request.POST.get("index", "0")
    place = int(index) if index.isdecimal() else 0
    return names[place] if place < len(names) else ""
