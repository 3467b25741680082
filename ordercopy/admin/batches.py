"""Batches of copies: the list, and the page of one on which its progress is followed."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.admin_site import shop_site
from config.modes import mode_of
from ordercopy.admin.batch_wording import (
    STANDING_LABELS,
    name_of,
    standing_in_words,
    standing_of,
)
from ordercopy.admin.seen_batch import seen_batch
from ordercopy.admin.wording import options_in_words
from ordercopy.batch_progress import progress_of
from ordercopy.models import FactoryStatus, OrderCopyBatch
from orders.admin.base import ReadOnlyAdmin
from orders.admin.wording import who_in_words


@admin.register(OrderCopyBatch)
class OrderCopyBatchAdmin(ReadOnlyAdmin):
    """Looked at here; stopped, tried again and undone by the buttons on a batch's page."""

    list_display = [
        "name",
        "shown_status",
        "completed",
        "failed",
        "open",
        "asked_by",
        "created_at",
        "reference",
    ]
    search_fields = ["=id", "^reference"]
    search_help_text = _("By the beginning of the reference")
    list_before_template = "ordercopy/batches_before_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """A list that counts the copies of the batches on a page together: each may have 10,000."""

        class Counted(super().get_changelist(request, **kwargs)):  # type: ignore[misc]
            result_list: Any

            def get_results(self, request: HttpRequest) -> None:
                super().get_results(request)
                batches = list(self.result_list)
                progress = progress_of([batch.pk for batch in batches])
                for batch in batches:
                    batch.progress = progress[batch.pk]
                self.result_list = batches

        return Counted

    def change_view(
        self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Show how far it has come; there is nothing to edit."""
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        batch = self.get_object(request, unquote(object_id))
        if batch is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return missing
        return shop_site.show(
            request,
            "ordercopy/batch.html",
            title=name_of(batch),
            options=[words for words, chosen in options_in_words(batch) if chosen],
            who=who_in_words(batch.who),
            **seen_batch(batch, request.user),
        )

    @display(description=_("Batch"), ordering="created_at")
    def name(self, batch: OrderCopyBatch) -> str:
        return name_of(batch)

    @display(description=_("Status"), label=STANDING_LABELS)
    def shown_status(self, batch: Any) -> Any:
        standing = standing_of(batch, batch.progress)
        return standing, standing_in_words(standing, batch.progress)

    @display(description=_("Completed"))
    def completed(self, batch: Any) -> str:
        return _number(batch.progress.count(FactoryStatus.COMPLETED))

    @display(description=_("Failed"))
    def failed(self, batch: Any) -> str:
        return _number(batch.progress.count(FactoryStatus.FAILED))

    @display(description=_("Open"))
    def open(self, batch: Any) -> str:
        return _number(batch.progress.open)

    @display(description=_("Asked for by"))
    def asked_by(self, batch: OrderCopyBatch) -> str:
        return who_in_words(batch.who)


def _number(count: int) -> str:
    return f"{count:,}" if count else "–"


def batch_or_404(request: HttpRequest, batch_id: str) -> OrderCopyBatch:
    """The batch in the mode of the request; ``OtherMode`` when it is in the other one."""
    batch = OrderCopyBatch.objects.filter(pk=batch_id, mode=mode_of(request)).first()
    if batch is None:
        batch_admin: Any = shop_site.get_model_admin(OrderCopyBatch)
        batch_admin.refuse_other_mode(request, batch_id)
        raise Http404
    return batch


@shop_site.page(
    "ordercopy/ordercopybatch/<str:batch_id>/progress/",
    name="batch_progress",
    permission="ordercopy.view_ordercopybatch",
)
def batch_progress(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show only the part of a batch's page that moves, for the page to take in."""
    seen = seen_batch(batch_or_404(request, batch_id), request.user)
    return TemplateResponse(request, "ordercopy/batch_progress.html", seen)
