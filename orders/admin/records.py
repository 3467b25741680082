"""Pages of ordinary records: plain words beside the field, an audit entry for each write.

Only what somebody changed is written: what happened to the row since the form was opened stays.
"""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from orders.admin.amounts import AmountField, AmountsForm
from orders.admin.base import OneModeForm, ShopAdmin, ShopInline
from orders.admin.figures import grouped
from orders.admin.words import PROMISES, words_for
from orders.audit import Who
from orders.records import (
    delete_record,
    record_created,
    record_updated,
    uses_of,
    values_of,
)


class RecordForm(AmountsForm, OneModeForm):
    """Remembers how the row was, and says what the database would not take in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {} if self.instance._state.adding else values_of(self.instance)

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What is different from the stored row: {column: (from, to)}."""
        after = values_of(self.instance)
        touched = {name for name in after if name in self.changed_data or name not in self.fields}
        return {
            name: (self.before.get(name), after[name])
            for name in sorted(touched)
            if self.before.get(name) != after[name]
        }

    def given(self) -> list[str]:
        """What was said of a new row."""
        return [
            name
            for name, value in values_of(self.instance).items()
            if value is not None and (name in self.fields or name in self.settled())
        ]

    def settled(self) -> set[str]:
        """Columns that follow from what was typed."""
        return set()

    def _post_clean(self) -> None:
        """Have the promises of the database checked by us: the row would say them in code."""
        self.instance.validate_constraints = self._check_promises
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del self.instance.validate_constraints

    def _check_promises(self, exclude: set[str] | None = None) -> None:
        """Raise a ValidationError that says each broken promise at the field that it is about."""
        broken: dict[str, list[Any]] = {}
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError as error:
                    field, message = PROMISES.get(constraint.name, ("", error))
                    said_at = field if field in self.fields else NON_FIELD_ERRORS
                    broken.setdefault(said_at, []).append(message)
        if broken:
            raise ValidationError(broken)


class Worded:
    """Fields with labels, explanations and amounts as a merchant says them."""

    model: type[Model]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        label, explanation = words_for(self.model, db_field.name)
        said: dict[str, Any] = {}
        if label:
            said["label"] = label
        if explanation:
            said["help_text"] = explanation
        if db_field.name.endswith("_cents"):
            lowest = 1 if db_field.name == "fixed_amount_cents" else 0
            required = not db_field.blank
            return AmountField(lowest=lowest, required=required, **said)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            for name, value in said.items():
                setattr(field, name, value)
        return field


class RecordAdmin(Worded, ShopAdmin):
    """Writes what changed and who did it."""

    form = RecordForm
    list_form: type[RecordForm] = RecordForm
    readonly_fields: Any = []
    delete_confirmation_template = "admin/record_deletion.html"
    # What to do with a row that has to stay.
    deletion_advice: Any = ""

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **{"form": self.list_form, **kwargs})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        self._write(request, obj, form)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        formset.save(commit=False)
        for row in formset.deleted_objects:
            delete_record(row, who=Who.user(request.user))
        for each in formset.saved_forms:
            self._write(request, each.instance, each)
        formset.save_m2m()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        advice = {"advice": self.deletion_advice, **(extra_context or {})}
        return super().delete_view(request, object_id, advice)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_record(obj, who=Who.user(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for row in queryset.order_by("pk"):
                delete_record(row, who=Who.user(request.user))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse what orders and others need, before anything is gathered that would go too."""
        rows = list(objs)
        with transaction.atomic():
            self.model._default_manager.select_for_update(no_key=True).in_bulk(
                [row.pk for row in rows]
            )
            needed = [reason for row in rows for reason in self.reasons_to_keep(row)]
        if needed:
            return [], {}, set(), needed
        return super().get_deleted_objects(rows, request)

    def reasons_to_keep(self, row: Any) -> list[str]:
        """Why a row cannot be deleted, in sentences."""
        return [
            gettext("%(count)s %(what)s of %(name)s")
            % {
                "count": grouped(use.count),
                "what": use.what._meta.verbose_name_plural,
                "name": row,
            }
            for use in uses_of(row)
        ]

    @staticmethod
    def _write(request: HttpRequest, row: Any, form: Any) -> None:
        who = Who.user(request.user)
        if not isinstance(form, RecordForm):
            row.save()
            return
        if row._state.adding:
            row.save()
            record_created(row, form.given(), who=who)
            return
        changes = form.changes()
        if changes:
            timed = {"updated_at"} & {field.name for field in row._meta.concrete_fields}
            row.save(update_fields=[*changes, *timed])
            record_updated(row, changes, who=who)


class RecordInline(Worded, ShopInline):
    """Fields in a table say themselves what they are: the heading is none for a screen reader."""

    form = RecordForm

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = field.label
        return field
