"""Copying orders: how, what would come of it, and then go. One page with three steps."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from config.admin_site import shop_site
from config.modes import mode_of
from ordercopy.admin.copy_form import CopyForm, GoForm
from ordercopy.admin.previews import shown_preview
from ordercopy.admin.selection import Selection, Unreadable
from ordercopy.batches import batch_of_request, create_batch
from ordercopy.copies import SourcesNotFound
from ordercopy.models import OrderCopyBatch
from ordercopy.previewing import Busy
from ordercopy.reporting import PreviewOfMany, preview_reports
from ordercopy.sources import copied_since, ids_as_placed
from orders.audit import Who
from orders.models import Order

RECENT = timedelta(hours=24)
# Whoever asks for more would wait for the answer.
MOST_AT_ONCE = 50_000
# So many are tried out exactly, unless that takes too long: the stock is locked meanwhile.
MOST_TRIED, TRYING_SECONDS = 200, 2.0
# The button that was pressed.
PREVIEW, GO = "preview", "go"


@shop_site.page("ordercopy/copy/", name="ordercopy_copy_orders", permission="ordercopy.copy_order")
@require_http_methods(["GET", "HEAD", "POST"])
def copy_orders(request: HttpRequest) -> HttpResponse:
    """Copy the orders that the address names (see ``Selection``)."""
    sent = GoForm(request.POST)
    if GO in request.POST and sent.is_valid():
        # First of all: the same form again must find its batch, whatever has become of the orders.
        made = batch_of_request(sent.cleaned_data["request_key"], mode=mode_of(request))
        if made is not None:
            return _to(made)
    try:
        selection = Selection.read(request.GET)
        return _Copying(request, selection).answer(sent)
    except Unreadable:
        return shop_site.show(
            request, "ordercopy/nothing_to_copy.html", title=_("Copy orders"), none_chosen=True
        )


class _Copying:
    """One request of the page: which orders are meant, and the step that was asked for."""

    def __init__(self, request: HttpRequest, selection: Selection) -> None:
        self.request = request
        self.mode = mode_of(request)
        self.selection = selection
        self.chosen = selection.orders(request)
        self.form = CopyForm(request.POST if request.method == "POST" else None)

    def answer(self, sent: GoForm) -> HttpResponse:
        count = self.chosen.count()
        if not count:
            self._refuse_other_mode()
            return self._show("nothing_to_copy")
        if count > MOST_AT_ONCE:
            return self._show("nothing_to_copy", too_many=count, most=MOST_AT_ONCE)
        going = GO in self.request.POST or PREVIEW in self.request.POST
        if not going or not self.form.is_valid():
            return self._ask(count)
        ids = ids_as_placed(self._wanted())
        if not ids:
            self.form.add_error(
                "without_copied", gettext("All of them were copied in the last 24 hours.")
            )
            return self._ask(count)
        if GO not in self.request.POST or not sent.is_valid():
            return self._preview(ids)
        return self._go(ids, sent)

    def _wanted(self) -> QuerySet[Order]:
        """The orders that are to be copied; asked of a valid form."""
        if not self.form.cleaned_data["without_copied"]:
            return self.chosen
        return self.chosen.exclude(pk__in=self._recent().values("pk"))

    def _recent(self) -> QuerySet[Order]:
        return copied_since(self.chosen, timezone.now() - RECENT)

    def _ask(self, count: int) -> HttpResponse:
        recent = self._recent().count()
        return self._show("copy_orders", count=count, recent=recent, form=self.form)

    def _preview(self, ids: Sequence[str]) -> HttpResponse:
        key = GoForm(initial={"request_key": secrets.token_urlsafe(16), "seen": len(ids)})
        context: dict[str, Any] = {"count": len(ids), "form": self.form, "key": key}
        try:
            context |= shown_preview(self._try_out(ids))
        except Busy:
            context["busy"] = True
        return self._show("copy_preview", **context)

    def _try_out(self, ids: Sequence[str]) -> PreviewOfMany:
        return preview_reports(
            ids[:MOST_TRIED],
            mode=self.mode,
            options=self.form.options,
            seconds=TRYING_SECONDS,
        )

    def _go(self, ids: Sequence[str], sent: GoForm) -> HttpResponse:
        if len(ids) != sent.cleaned_data["seen"]:
            messages.warning(
                self.request,
                gettext("Meanwhile there are other orders than you were shown. Look once more."),
            )
            return self._preview(ids)
        try:
            batch = create_batch(
                ids,
                mode=self.mode,
                options=self.form.options,
                who=Who.user(self.request.user),
                request_key=sent.cleaned_data["request_key"],
                reference=self.form.cleaned_data["reference"] or None,
            )
        except SourcesNotFound:
            messages.warning(
                self.request,
                gettext("Some of these orders were deleted at this moment. Look once more."),
            )
            return self._preview(ids_as_placed(self._wanted()))
        return _to(batch)

    def _refuse_other_mode(self) -> None:
        """Say so when the order that somebody wants to copy belongs to the other mode."""
        order_admin: Any = shop_site.get_model_admin(Order)
        for order_id in self.selection.ids[:1]:
            order_admin.refuse_other_mode(self.request, order_id)

    def _show(self, template: str, **context: Any) -> HttpResponse:
        count = context.get("count")
        title = gettext("Copy orders")
        if count is not None:
            title = ngettext("Copy %(count)s order", "Copy %(count)s orders", count) % {
                "count": f"{count:,}"
            }
        return shop_site.show(self.request, f"ordercopy/{template}.html", title=title, **context)


def _to(batch: OrderCopyBatch) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:ordercopy_ordercopybatch_change", args=[batch.pk]))
