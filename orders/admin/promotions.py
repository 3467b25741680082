"""What makes orders cheaper, and whether it does so at the moment."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders import coupons, promotions
from orders.admin.figures import in_money
from orders.admin.records import RecordAdmin, RecordForm, RecordInline
from orders.admin.switching import OUT_OF_USE, Switchable
from orders.models import Coupon, Promotion
from orders.obstacles import Obstacle

STATUS = {
    "active": _("Active"),
    "pending": _("Upcoming"),
    "expired": _("Expired"),
    "inactive": _("Used up"),
    "disabled": _("Disabled"),
}
COLOURS = {
    "active": "success",
    "pending": "info",
    "expired": "warning",
    "inactive": "warning",
    "disabled": "danger",
}
WORDS = {
    "blank": _("Say in which currency the amount is, or choose a market."),
    "currency_mismatch": _("The market sells in another currency."),
}


def status_label(row: Any) -> tuple[str, Any]:
    return row.status, STATUS[row.status]


def usage(count: int, limit: int | None) -> str:
    if limit is None:
        return gettext("%(count)d times") % {"count": count}
    return gettext("%(count)d of %(limit)d times") % {"count": count, "limit": limit}


class StatusFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return STATUS.items()

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(status=self.value()) if self.value() else rows


class PromotionForm(RecordForm):
    """Each kind says how much in its own field, and nothing in the other's."""

    OWN = {
        Promotion.Type.PERCENTAGE.value: "percentage",
        Promotion.Type.FIXED_AMOUNT.value: "fixed_amount_cents",
    }

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        own = self.OWN.get(given.get("type") or self.instance.type)
        for name in self.OWN.values():
            if name not in self.fields or name in self.errors or own is None:
                continue
            if name != own:
                given[name] = None
            elif given.get(name) is None:
                self.add_error(name, gettext("Say how much it takes off."))
        return given

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.instance.type and not self.errors:
            for obstacle in promotions.settle_currency(self.instance):
                self.add_error("currency_code", WORDS[obstacle.code])

    def settled(self) -> set[str]:
        return {"currency_code"}


class CouponInline(RecordInline):
    model = Coupon
    fields = ["code", "usage_limit", "customer_single_use", "recipient_email", "expires_at", "used"]
    readonly_fields = ["used"]
    verbose_name_plural = _("Coupons: who has none of these codes does not get the promotion")
    per_page = 25
    ordering = ["-created_at", "id"]
    show_change_link = True
    can_delete = False

    @display(description=_("Used"))
    def used(self, coupon: Coupon) -> str:
        return usage(coupon.usage_count, None)


class WithObstacles:
    """Refuses to delete what the domain wants to keep."""

    def get_actions(self, request: HttpRequest) -> Any:
        """One by one: each is asked about for itself."""
        actions = super().get_actions(request)  # type: ignore[misc]
        actions.pop("delete_selected", None)
        return actions

    def reasons_to_keep(self, row: Any) -> list[str]:
        reasons: list[str] = super().reasons_to_keep(row)  # type: ignore[misc]
        if self.obstacles(row):
            reasons.insert(0, gettext("Orders were placed with it."))
        return reasons

    def obstacles(self, row: Any) -> list[Obstacle]:
        raise NotImplementedError


@admin.register(Promotion)
class PromotionAdmin(WithObstacles, Switchable, RecordAdmin):
    disabled_means = OUT_OF_USE
    form = PromotionForm
    list_display = ["name", "state", "off", "market", "used", "starts_at", "expires_at"]
    list_select_related = ["market__price_list"]
    list_filter = ["type", StatusFilter]
    search_fields = ["=id", "^name"]
    search_help_text = _("The beginning of a name")
    autocomplete_fields = ["market", "skus", "tags"]
    inlines = [CouponInline]
    fieldsets = [
        (
            None,
            {"fields": ["name", "type", ("percentage", "fixed_amount_cents", "currency_code")]},
        ),
        (_("When and how often"), {"fields": ["starts_at", "expires_at", "total_usage_limit"]}),
        (_("On what"), {"fields": ["market", "skus"]}),
        (
            _("Beside other promotions"),
            {"classes": ["collapse"], "fields": ["exclusive", "priority", "reference", "tags"]},
        ),
    ]
    deletion_advice = _("Disable it instead: then no new order gets it.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promotion]:
        return super().get_queryset(request).annotate(status=promotions.STATUS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A percentage does not turn into an amount: orders have lines of its kind."""
        return ["type"] if obj else []

    def obstacles(self, row: Promotion) -> list[Obstacle]:
        return promotions.promotion_deletion_obstacles(row)

    @display(description=_("Status"), label=COLOURS)
    def state(self, promotion: Any) -> tuple[str, Any]:
        return status_label(promotion)

    @display(description=_("Takes off"))
    def off(self, promotion: Promotion) -> str:
        if promotion.percentage is not None:
            return f"{promotion.percentage} %"
        return in_money(promotion.fixed_amount_cents or 0, promotion.currency_code or "EUR")

    @display(description=_("Used"), ordering="total_usage_count")
    def used(self, promotion: Promotion) -> str:
        return usage(promotion.total_usage_count, promotion.total_usage_limit)


@admin.register(Coupon)
class CouponAdmin(WithObstacles, RecordAdmin):
    list_display = ["code", "state", "promotion", "used", "recipient_email", "expires_at"]
    list_select_related = ["promotion"]
    search_fields = ["=id", "^code", "=recipient_email"]
    search_help_text = _("The beginning of a code, or an e-mail address it is for")
    autocomplete_fields = ["promotion", "tags"]
    fields = [
        "code",
        "promotion",
        "usage_limit",
        "customer_single_use",
        "recipient_email",
        "expires_at",
        "reference",
        "tags",
    ]
    deletion_advice = _("Let it end instead: set the time when it ends to now.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coupon]:
        return super().get_queryset(request).annotate(status=coupons.STATUS)

    def key_rows(self, request: HttpRequest) -> QuerySet[Coupon]:
        """Without the status, for which each coupon's promotion would be looked up."""
        return super().get_queryset(request)

    def obstacles(self, row: Coupon) -> list[Obstacle]:
        return coupons.coupon_deletion_obstacles(Coupon.objects.filter(pk=row.pk))

    @display(description=_("Status"), label=COLOURS)
    def state(self, coupon: Any) -> tuple[str, Any]:
        return status_label(coupon)

    @display(description=_("Used"), ordering="usage_count")
    def used(self, coupon: Coupon) -> str:
        return usage(coupon.usage_count, coupon.usage_limit)
