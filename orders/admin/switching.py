"""Putting records out of use and to use again, after a question that names how many."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from config.admin_site import shop_site
from orders.audit import Who
from orders.records import disable, enable

CONFIRMED = "confirmed"
OUT_OF_USE = _(
    "Orders and copies cannot use them until they are enabled again. "
    "What was ordered already stays as it is."
)


class Switchable:
    """An admin of records that can be disabled."""

    model: Any
    opts: Any
    way_back: Callable[[HttpRequest], str]
    # What disabling keeps people and copies from.
    disabled_means: Any = _(
        "They cannot be chosen for new orders until they are enabled again. "
        "Orders that have them keep them, and so do copies of these orders."
    )
    actions = ["disable_selected", "enable_selected"]
    asks_first: tuple[str, ...] = ("delete_selected", "disable_selected", "enable_selected")
    actions_detail = ["disable_this", "enable_this"]

    def has_switch_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_change_permission(request)  # type: ignore[attr-defined]

    @display(
        description=_("Status"),
        ordering="disabled_at",
        label={"in_use": "success", "disabled": "danger"},
    )
    def in_use(self, row: Any) -> tuple[str, Any]:
        return ("disabled", _("Disabled")) if row.disabled_at else ("in_use", _("In use"))

    @action(description=_("Disable the selected…"), permissions=["switch"])
    def disable_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return self._ask_or_do(request, rows, self.way_back(request), on=False)

    @action(description=_("Enable the selected…"), permissions=["switch"])
    def enable_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return self._ask_or_do(request, rows, self.way_back(request), on=True)

    @action(description=_("Disable…"), permissions=["switch"], url_path="disable", icon="block")
    def disable_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask_or_do_one(request, object_id, on=False)

    @action(description=_("Enable…"), permissions=["switch"], url_path="enable", icon="check")
    def enable_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask_or_do_one(request, object_id, on=True)

    def get_actions_detail(self, request: HttpRequest, object_id: Any = None) -> Any:
        """Offer the one of the two that would do something."""
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        disabled = self.model.objects.filter(pk=object_id).exclude(disabled_at=None).exists()
        other = "disable" if disabled else "enable"
        return [each for each in offered if each.path != other]

    def _ask_or_do_one(self, request: HttpRequest, object_id: str, *, on: bool) -> HttpResponse:
        self.refuse_other_mode(request, object_id)  # type: ignore[attr-defined]
        rows = self.get_queryset(request).filter(pk=object_id)  # type: ignore[attr-defined]
        get_object_or_404(rows)
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        back = reverse(f"admin:{label}_change", args=[object_id])
        return self._ask_or_do(request, rows, back, on=on) or HttpResponseRedirect(back)

    def _ask_or_do(
        self, request: HttpRequest, rows: QuerySet[Any], back: str, *, on: bool
    ) -> HttpResponse | None:
        if request.method == "POST" and CONFIRMED in request.POST:
            self._do(request, rows, on=on)
            return None
        count = rows.count()
        return shop_site.show(
            request,
            "admin/switching.html",
            title=gettext("Enable?") if on else gettext("Disable?"),
            question=self._question(count, on=on),
            on=on,
            disabled_means=self.disabled_means,
            opts=self.opts,
            examples=[str(row) for row in rows[:10]],
            more=max(0, count - 10),
            confirmed=CONFIRMED,
            back=back,
        )

    def _question(self, count: int, *, on: bool) -> str:
        what = self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural
        words = (
            ngettext("Enable %(count)d %(what)s?", "Enable %(count)d %(what)s?", count)
            if on
            else ngettext("Disable %(count)d %(what)s?", "Disable %(count)d %(what)s?", count)
        )
        return words % {"count": count, "what": what}

    def _do(self, request: HttpRequest, rows: QuerySet[Any], *, on: bool) -> None:
        who = Who.user(request.user)
        if on:
            done = enable(rows, who=who)
            words = ngettext("%(count)d is in use again.", "%(count)d are in use again.", done)
        else:
            done = disable(rows, who=who, at=timezone.now())
            words = ngettext("%(count)d was disabled.", "%(count)d were disabled.", done)
        messages.success(request, words % {"count": done})
