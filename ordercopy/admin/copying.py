"""Copying orders: how, what would come of it, and then go.

Each step has an address that can be reloaded and come back to. It says which orders are meant, and
that of the preview the options as well; which preview it was makes a form sent twice act once.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from config.admin_site import shop_site
from config.modes import FIELD, mode_of
from ordercopy.admin import kept_options
from ordercopy.admin.copy_form import CopyForm, GoForm
from ordercopy.admin.previews import shown_preview
from ordercopy.batches import batch_of_request, create_batch
from ordercopy.copies import SourcesNotFound
from ordercopy.models import OrderCopyBatch
from ordercopy.previewing import Busy
from ordercopy.reporting import PreviewOfMany, preview_reports
from ordercopy.sources import copied_since, ids_as_placed
from orders.admin.selection import Selection, Unreadable
from orders.audit import Who
from orders.models import Order

RECENT = timedelta(hours=24)
# Whoever asks for more would wait for the answer.
MOST_AT_ONCE = 50_000
# So many are tried out exactly, unless that takes too long: the stock is locked meanwhile.
MOST_TRIED, TRYING_SECONDS = 200, 2.0
# Which preview it is; its batch is found by it.
KEY, LONGEST_KEY = "key", 64
COPY = "ordercopy.copy_order"
OPTIONS_PAGE, PREVIEW_PAGE = "ordercopy_copy_orders", "ordercopy_copy_preview"
METHODS = require_http_methods(["GET", "HEAD", "POST"])


@shop_site.page("ordercopy/copy/", name=OPTIONS_PAGE, permission=COPY)
@METHODS
def copy_orders(request: HttpRequest) -> HttpResponse:
    """Ask how to copy the orders that the address names (see ``Selection``)."""
    try:
        return _Copying(request).ask()
    except Unreadable:
        return _none_chosen(request)


@shop_site.page("ordercopy/copy/preview/", name=PREVIEW_PAGE, permission=COPY)
@METHODS
def preview_copies(request: HttpRequest) -> HttpResponse:
    """Show what would come of copying them like that (GET), copy them (POST)."""
    key = request.GET.get(KEY, "")[:LONGEST_KEY]
    # First of all: the same form again must find its batch, whatever has become of the orders.
    made = batch_of_request(key, mode=mode_of(request)) if key else None
    if made is not None and request.method == "POST":
        return _to(made)
    try:
        copying = _Copying(request)
        return copying.show_made(made) if made is not None else copying.preview_or_go(key)
    except Unreadable:
        return _none_chosen(request)


class _Copying:
    """One request of these pages: which orders are meant, and the step that was asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.mode = mode_of(request)
        self.selection = Selection.read(request.GET)
        self.chosen = self.selection.rows(request, shop_site.get_model_admin(Order))

    def ask(self) -> HttpResponse:
        """The form of the options; when it is sent in order, the way to the preview."""
        count = self.chosen.count()
        refused = self._refuse(count)
        if refused is not None:
            return refused
        if self.request.method == "POST":
            form = CopyForm(self.request.POST)
            if form.is_valid() and self._wanted(form).exists():
                return HttpResponseRedirect(self._new_preview(form.asked))
            if form.is_valid():
                form.add_error("without_copied", _all_copied())
        else:
            form = CopyForm(initial=kept_options.of(self.request.session, self.selection))
        recent = self._recent().count()
        return self._show("copy_orders", count=count, recent=recent, form=form)

    def preview_or_go(self, key: str) -> HttpResponse:
        """What would come of the options in the address; after the button's press, the batch."""
        refused = self._refuse(self.chosen.count())
        if refused is not None:
            return refused
        form = CopyForm(self.request.GET)
        if not form.is_valid():
            return HttpResponseRedirect(self._address(OPTIONS_PAGE))
        if not key:
            return HttpResponseRedirect(self._new_preview(form.asked))
        ids = ids_as_placed(self._wanted(form))
        if not ids:
            messages.warning(self.request, _all_copied())
            return HttpResponseRedirect(self._address(OPTIONS_PAGE))
        if self.request.method == "POST":
            return self._go(ids, form, key)
        kept_options.keep(self.request.session, self.selection, form)
        return self._preview(ids, form, key)

    def show_made(self, batch: OrderCopyBatch) -> HttpResponse:
        """What whoever comes back to a preview finds once its button was pressed."""
        return self._show("copies_made", batch=batch, options=self._address(OPTIONS_PAGE))

    def _refuse(self, count: int) -> HttpResponse | None:
        """Answer why these cannot be copied here at all, None when they can."""
        if not count:
            self._refuse_other_mode()
            return self._show("nothing_to_copy")
        if count > MOST_AT_ONCE:
            return self._show("nothing_to_copy", too_many=count, most=MOST_AT_ONCE)
        return None

    def _wanted(self, form: CopyForm) -> QuerySet[Order]:
        """The orders that are to be copied; asked of a valid form."""
        if not form.cleaned_data["without_copied"]:
            return self.chosen
        return self.chosen.exclude(pk__in=self._recent().values("pk"))

    def _recent(self) -> QuerySet[Order]:
        return copied_since(self.chosen, timezone.now() - RECENT)

    def _preview(self, ids: Sequence[str], form: CopyForm, key: str) -> HttpResponse:
        context: dict[str, Any] = {
            "count": len(ids),
            "form": form,
            "seen": GoForm(initial={"seen": len(ids)}),
            "options": self._address(OPTIONS_PAGE),
            "here": self._preview_address(form.asked, key),
            "shortening": self._new_preview({**form.asked, "skip_errors": "on"}),
        }
        try:
            context |= shown_preview(self._try_out(ids, form))
        except Busy:
            context["busy"] = True
        return self._show("copy_preview", **context)

    def _try_out(self, ids: Sequence[str], form: CopyForm) -> PreviewOfMany:
        return preview_reports(
            ids[:MOST_TRIED],
            mode=self.mode,
            options=form.options,
            seconds=TRYING_SECONDS,
        )

    def _go(self, ids: Sequence[str], form: CopyForm, key: str) -> HttpResponse:
        sent = GoForm(self.request.POST)
        if not sent.is_valid() or len(ids) != sent.cleaned_data["seen"]:
            messages.warning(
                self.request,
                gettext("Meanwhile there are other orders than you were shown. Look once more."),
            )
            return HttpResponseRedirect(self._preview_address(form.asked, key))
        try:
            batch = create_batch(
                ids,
                mode=self.mode,
                options=form.options,
                who=Who.user(self.request.user),
                request_key=key,
                reference=form.cleaned_data["reference"] or None,
            )
        except SourcesNotFound:
            messages.warning(
                self.request,
                gettext("Some of these orders were deleted at this moment. Look once more."),
            )
            return HttpResponseRedirect(self._preview_address(form.asked, key))
        kept_options.forget(self.request.session, self.selection)
        return _to(batch)

    def _refuse_other_mode(self) -> None:
        """Say so when the order that somebody wants to copy belongs to the other mode."""
        order_admin: Any = shop_site.get_model_admin(Order)
        for order_id in self.selection.ids[:1]:
            order_admin.refuse_other_mode(self.request, order_id)

    def _address(self, name: str, **more: str) -> str:
        """A page about the same orders, which is refused while the other mode is worked on."""
        rest = urlencode({**more, FIELD: self.mode})
        return f"{reverse(f'admin:{name}')}?{self.selection.query_string()}&{rest}"

    def _preview_address(self, options: dict[str, str], key: str) -> str:
        return self._address(PREVIEW_PAGE, **options, **{KEY: key})

    def _new_preview(self, options: dict[str, str]) -> str:
        """A preview of its own: what is asked for from it is not asked for from another."""
        return self._preview_address(options, secrets.token_urlsafe(16))

    def _show(self, template: str, **context: Any) -> HttpResponse:
        count = context.get("count")
        title = gettext("Copy orders")
        if count is not None:
            title = ngettext("Copy %(count)s order", "Copy %(count)s orders", count) % {
                "count": f"{count:,}"
            }
        return shop_site.show(self.request, f"ordercopy/{template}.html", title=title, **context)


def _none_chosen(request: HttpRequest) -> HttpResponse:
    return shop_site.show(
        request, "ordercopy/nothing_to_copy.html", title=_("Copy orders"), none_chosen=True
    )


def _all_copied() -> str:
    return gettext("All of them were copied in the last 24 hours.")


def _to(batch: OrderCopyBatch) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:ordercopy_ordercopybatch_change", args=[batch.pk]))
