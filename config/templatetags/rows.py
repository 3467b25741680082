"""The rows of the admin's lists.

What a column is called, how it looks and where its links lead is found out once a page, and every
label is drawn once: unfold does all of that for each row anew, which took half of a list's time.
"""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_hidden_fields
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import ForeignKey
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from unfold.admin import checkbox
from unfold.templatetags.unfold_list import (
    CHECKBOX_CLASSES,
    LINK_CLASSES,
    ROW_CLASSES,
    result_headers,
)
from unfold.utils import display_for_field, display_for_label, display_for_value

register = template.Library()

CHECKBOX = "action_checkbox"


@register.inclusion_tag("admin/list_rows.html", takes_context=True)
def list_rows(context: Context, cl: Any) -> dict[str, Any]:
    """Show the headings and the rows of a list, or what there is to do while it has none."""
    headers = list(result_headers(cl))
    table = _Table(cl, headers)
    forms = cl.formset.forms if cl.formset else repeat(None)
    return {
        "cl": cl,
        "result_headers": headers,
        "num_sorted_fields": sum(header.get("sorted", False) for header in headers),
        "hidden_fields": list(result_hidden_fields(cl)),
        "rows": [
            (form, table.cells(row, form)) for row, form in zip(cl.result_list, forms, strict=False)
        ],
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
    }


class _Table:
    """A page of a list: ``cells`` writes one row of it."""

    def __init__(self, cl: Any, headers: list[dict[str, Any]]) -> None:
        self._cl = cl
        self._columns = [
            _Column(cl, name, header["text"])
            for name, header in zip(cl.list_display, headers, strict=True)
        ]
        self._first_link = next((column for column in self._columns if column.is_link), None)
        self._query: str | None = None

    def cells(self, row: Any, form: Any) -> SafeString:
        """All cells of a row; ``form`` has those of its fields that are changed in the list."""
        return mark_safe("".join(self._cells(row, form)))  # noqa: S308 (written by format_html)

    def _cells(self, row: Any, form: Any) -> Iterator[str]:
        for column in self._columns:
            if column.is_link:
                shown = format_html(
                    '<a href="{}" class="{}">{}</a>',
                    self._address(row),
                    " ".join(LINK_CLASSES),
                    column.shown(row),
                )
                yield column.cell(shown, tag="th" if column is self._first_link else "td")
            elif form is not None and column.name in form.fields:
                field = form[column.name]
                errors = render_to_string(
                    "unfold/helpers/form_errors.html", {"errors": field.errors}
                )
                more = " group errors" if field.errors else ""
                yield column.cell(format_html("{}{}", field, errors), more_classes=more)
            else:
                yield column.cell(column.shown(row))

    def _address(self, row: Any) -> str:
        """The page of a row, which knows the way back to the list as it is filtered now."""
        address: str = self._cl.url_for_result(row)
        if self._query is None:
            asked = {"preserved_filters": self._cl.preserved_filters, "opts": self._cl.opts}
            self._query = add_preserved_filters(asked, address).removeprefix(address)
        return address + self._query


class _Column:
    """A column of a list: what a row has there, and the cell around it."""

    def __init__(self, cl: Any, name: Any, heading: Any) -> None:
        self.name = name
        self.is_link = name in (cl.list_display_links or ())
        self._admin = cl.model_admin
        self._labels: dict[str, SafeString] = {}
        if name == CHECKBOX:
            self._classes, heading = " ".join(CHECKBOX_CLASSES), checkbox.attrs["aria-label"]
        else:
            self._classes = " ".join([f"field-{getattr(name, '__name__', name)}", *ROW_CLASSES])
        self._heading = conditional_escape(heading)

    def cell(self, shown: Any, *, tag: str = "td", more_classes: str = "") -> SafeString:
        return format_html(
            '<{} class="{}{}" data-label="{}">{}</{}>',
            *(tag, self._classes, more_classes, self._heading, shown, tag),
        )

    def shown(self, row: Any) -> Any:
        """What the row has in this column, as a text or as HTML."""
        empty = self._admin.get_empty_value_display()
        try:
            field, attr, value = lookup_field(self.name, row, self._admin)
        except ObjectDoesNotExist:
            return empty
        if field is None or field.auto_created:
            empty = getattr(attr, "empty_value_display", empty)
            if colours := getattr(attr, "label", None):
                return self._label(value, empty, colours)
            return display_for_value(value, empty, getattr(attr, "boolean", False))
        if isinstance(field, ForeignKey):
            return empty if value is None else value
        return display_for_field(value, field, empty)

    def _label(self, value: Any, empty: str, colours: Any) -> SafeString:
        """Many rows have the same label. What is equal as a text need not be equally safe."""
        key = f"{type(value)} {value}"
        if key not in self._labels:
            self._labels[key] = display_for_label(value, empty, colours)
        return self._labels[key]
