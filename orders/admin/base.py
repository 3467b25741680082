"""What all admin pages of the shop have in common: one mode at a time, roles, quick lists."""

from datetime import datetime
from typing import Any

from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Model, QuerySet
from django.forms import ModelForm
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from unfold.admin import ModelAdmin, TabularInline, checkbox
from unfold.decorators import display

from config.lists import SpokenList
from config.modes import OtherMode, mode_of
from config.templatetags.shop import moment
from orders.admin.asking import AsksFirst
from orders.admin.days import with_plain_days
from orders.admin.figures import in_money
from orders.admin.paging import CappedPaginator, PagedList
from orders.admin.record_history import history_of_record
from orders.admin.searching import matching


def has_mode(model: Any) -> bool:
    """Whether rows of a model say which mode they belong to."""
    return any(field.name == "mode" for field in model._meta.concrete_fields)


class OneModeForm(ModelForm):
    """A form whose new rows belong to the mode of the page, as do the keys they must not repeat."""

    mode: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_mode(self._meta.model) and self.instance._state.adding:
            self.instance.mode = self.mode

    def _get_validation_exclusions(self) -> set[str]:
        """Let unique keys be checked, of which the mode is a part that nobody types."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"mode"}


class InOneMode:
    """Shows, offers and saves rows of the mode that the request works on, and no others."""

    # Where the mode is looked up from a row: "factory__mode" for what hangs on a factory,
    # None for what belongs to both.
    mode_lookup: str | None = "mode"
    form: Any = OneModeForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)  # type: ignore[misc]
        if self.mode_lookup is None:
            return rows
        return rows.filter(**{self.mode_lookup: mode_of(request)})

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **self._choices(db_field, request, kwargs)
        )

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(  # type: ignore[misc]
            db_field, request, **self._choices(db_field, request, kwargs)
        )

    @staticmethod
    def _choices(db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> dict[str, Any]:
        related = db_field.remote_field.model
        if has_mode(related):
            offered = kwargs.get("queryset", related._default_manager.all())
            kwargs["queryset"] = offered.filter(mode=mode_of(request))
        return kwargs

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*(super().get_exclude(request, obj) or []), "mode"]  # type: ignore[misc]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return _of_mode(super().get_form(request, obj, **kwargs), request)  # type: ignore[misc]

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        form = super().get_changelist_form(  # type: ignore[misc]
            request, **{"form": OneModeForm, **kwargs}
        )
        return _of_mode(form, request)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        formset.form = _of_mode(formset.form, request)
        return formset


def _of_mode(form: type[ModelForm], request: HttpRequest) -> type[ModelForm]:
    return type(form.__name__, (form,), {"mode": mode_of(request)})


class ShopAdmin(AsksFirst, InOneMode, SpokenList, ModelAdmin):
    """Lists newest first; searching is by exact value or by the beginning of one.

    Searching inside texts would read whole tables. Times in lists are told by the reader's clock.
    """

    ordering: Any = ["-created_at", "-id"]
    readonly_fields: Any = ["id", "created_at", "updated_at"]
    list_per_page = 25
    list_max_show_all = 0
    show_full_result_count = False
    paginator = CappedPaginator
    list_filter_submit = True
    # Counting what each filter would find reads whole tables.
    show_facets = ShowFacets.NEVER
    list_fullwidth = True
    empty_value_display = "–"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Answer the list, at an address that means the same in each language."""
        plain = with_plain_days(request.GET, self.get_list_filter(request))
        if request.method == "GET" and plain is not None:
            return HttpResponseRedirect(f"{request.path}?{plain.urlencode()}")
        return super().changelist_view(request, extra_context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return PagedList

    def key_rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows with the same primary keys, of the table that a page of the list is chosen in."""
        return self.get_queryset(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        fields = self.get_search_fields(request)
        return matching(queryset, fields, search_term, mode=mode_of(request)), False

    def get_list_display(self, request: HttpRequest) -> Any:
        return [self._column(name) for name in super().get_list_display(request)]

    def action_checkbox(self, obj: Model) -> SafeString:
        """The box that chooses a row: unfold's, without a template for each."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}"{}>',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            flatatt(checkbox.attrs),
        )

    def _column(self, name: Any) -> Any:
        """Turn the name of a time or an amount into a column that shows it to the reader."""
        try:
            field = self.opts.get_field(name) if isinstance(name, str) else None
        except FieldDoesNotExist:
            return name
        shown = _moment if isinstance(field, DateTimeField) else _money
        if field is None or (shown is _money and not name.endswith("_cents")):
            return name

        @display(description=field.verbose_name, ordering=name)
        def column(row: Model) -> Any:
            return shown(row, getattr(row, name))

        return column

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Tell the audit trail: it knows of the API and of commands as well."""
        row = self.get_object(request, unquote(object_id))
        told = history_of_record(row) if row is not None else []
        said = {"told": told, "title": gettext("History")}
        return super().history_view(request, object_id, {**said, **(extra_context or {})})

    def other_mode_of(self, object_id: str) -> str | None:
        """Answer the mode of a row that this request may not see for its mode, None without it."""
        if self.mode_lookup is None:
            return None
        rows = self.model._default_manager.filter(pk=unquote(object_id))
        return rows.values_list(self.mode_lookup, flat=True).first()

    def refuse_other_mode(self, request: HttpRequest, object_id: str) -> None:
        """Raise OtherMode when the row exists in the mode that the request does not work on."""
        mode = self.other_mode_of(object_id)
        if mode is not None and mode != mode_of(request):
            raise OtherMode(str(self.opts.verbose_name), mode)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> Any:
        if self.has_view_permission(request):
            self.refuse_other_mode(request, object_id)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)


def _moment(_row: Model, at: datetime | None) -> Any:
    return moment(at)


def _money(row: Any, cents: int | None) -> str:
    """An amount in the currency of its row, else of the order that the row belongs to."""
    if cents is None:
        return "–"
    while not hasattr(row, "currency_code"):
        row = row.line_item if hasattr(row, "line_item") else row.order
    return in_money(cents, row.currency_code)


class ReadOnlyAdmin(ShopAdmin):
    """For what is changed by actions only, never by editing a row."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [self._column(name) for name in super().get_fields(request, obj)]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ShopInline(InOneMode, TabularInline):
    """Rows of a page's object, as a table."""

    extra = 0


class ReadOnlyInline(ShopInline):
    """Rows that are looked at here and changed elsewhere."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
