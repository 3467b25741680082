"""What the list of copies can be narrowed down to."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, TextFilter

from config.modes import mode_of
from ordercopy.admin.wording import KINDS, OPTIONS, PARTS, STATUSES
from ordercopy.choosing import MADE_AGAIN, NEVER_MADE_AGAIN, met, with_cause
from ordercopy.models import OrderCopyBatch, OrderFactory
from ordercopy.retrials import Retrial
from orders.admin.wording import who_in_words

NOT_MADE_AGAIN = "no"
# Where a list of factories finds the options: some are columns of copies alone.
OPTION_COLUMNS = {
    name: name if hasattr(OrderFactory, name) else f"ordercopy__{name}" for name in OPTIONS
}
# The latest are offered; a link can name any.
BATCHES_OFFERED = 25


class StatusFilter(DropdownFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return STATUSES.items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(status=self.value()) if self.value() else queryset


class CauseFilter(DropdownFilter):
    """What the copies met; with SKU, part or message it means one error that is all of these.

    So this filter asks for all of them, and the others only show what they were set to.
    """

    title = _("cause")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return KINDS.items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        cause = asked_cause(request)
        return queryset if cause is None else queryset.filter(met(cause))


class SkuFilter(TextFilter):
    title = _("SKU that was in the way")
    parameter_name = "sku"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset


class PartFilter(DropdownFilter):
    """Set by links from the page of errors, for causes that are told by what is missing."""

    title = _("what is missing")
    parameter_name = "key"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return PARTS.items()

    def has_output(self) -> bool:
        return bool(self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset


class MessageFilter(SimpleListFilter):
    """Set by links from the page of errors, for causes that are told by their message."""

    title = _("message")
    parameter_name = "message"
    template = "unfold/filters/filters_field.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ()

    def has_output(self) -> bool:
        return bool(self.value())

    choices = TextFilter.choices
    form_class = TextFilter.form_class

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset


def asked_cause(request: HttpRequest) -> Q | None:
    """The cause that the list is narrowed down to, as a condition over ``CopyError``."""
    asked = {
        name: request.GET.get(filtered.parameter_name, "").strip()
        for name, filtered in (
            ("code", CauseFilter),
            ("sku_code", SkuFilter),
            ("key", PartFilter),
            ("message", MessageFilter),
        )
    }
    given = {name: value for name, value in asked.items() if value}
    return with_cause(**given) if given else None


class MadeAgainFilter(DropdownFilter):
    """A copy that was made again is blocked no more, though it has failed."""

    title = _("made again")
    parameter_name = "made_again"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            (NOT_MADE_AGAIN, _("not made again")),
            ("yes", _("made again, leaving out what failed")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NOT_MADE_AGAIN:
            return queryset.filter(NEVER_MADE_AGAIN)
        return queryset.filter(MADE_AGAIN) if self.value() else queryset


class RetrialFilter(DropdownFilter):
    """Set by the link beside what a retry answers: the copies that it tried again."""

    title = _("tried again")
    parameter_name = "retried"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        said = request.GET.get(self.parameter_name, "")
        return [(said, gettext("by one press of the button"))]

    def has_output(self) -> bool:
        return bool(self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        retrial = asked_retrial(request)
        if retrial is None:
            raise IncorrectLookupParameters
        return queryset.filter(retrial.copies)


def asked_retrial(request: HttpRequest) -> Retrial | None:
    """The retrial whose copies the list shows, if it is narrowed down to one."""
    return Retrial.read(request.GET.get(RetrialFilter.parameter_name, ""))


class OptionFilter(DropdownFilter):
    title = _("option")
    parameter_name = "option"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return OPTIONS.items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in OPTIONS:
            return queryset
        column = OPTION_COLUMNS[self.value()]
        # What is true is not null either. Said as well, it lets the planner expect fewer copies,
        # who then reads them in one go instead of walking both tables key by key.
        return queryset.filter(**{column: True, f"{column}__isnull": False})


class BatchFilter(DropdownFilter):
    title = _("batch")
    parameter_name = "batch"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        batches = OrderCopyBatch.objects.filter(mode=mode_of(request))
        wanted = request.GET.get(self.parameter_name)
        latest = list(batches.order_by("-created_at", "-id")[:BATCHES_OFFERED])
        if wanted and wanted not in {batch.pk for batch in latest}:
            latest += batches.filter(pk=wanted)
        return [(batch.pk, batch_in_words(batch)) for batch in latest]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(batch=self.value()) if self.value() else queryset


def batch_in_words(batch: OrderCopyBatch) -> str:
    """A batch has no name; people know it by when it was, how many, and whose."""
    copies = ngettext("%(count)d copy", "%(count)d copies", batch.total_count)
    return gettext("%(when)s: %(copies)s, %(who)s") % {
        "when": date_format(timezone.localtime(batch.created_at), "SHORT_DATETIME_FORMAT"),
        "copies": copies % {"count": batch.total_count},
        "who": who_in_words(batch.who),
    }
