"""Small things that the shop's own pages show."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from unfold.templatetags.unfold import header_title

from config.modes import NAMES, page_to_switch_on
from config.navigation import link_to_list

register = template.Library()


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """Show a time in the reader's own zone, and the exact moment in UTC on hover."""
    if at is None:
        return "–"
    exact = at.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        exact.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        exact.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
        date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"),
    )


@register.inclusion_tag("admin/mode_switch.html", takes_context=True)
def mode_switch(context: Context) -> dict[str, Any]:
    """Show which data the page is about, and the switch to the other."""
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "mode": request.mode,
        "modes": NAMES.items(),
        "next": page_to_switch_on(request),
    }


@register.simple_tag(takes_context=True)
def page_path(context: Context) -> str:
    """Say where the page is, in the words of the sidebar where that lists it."""
    opts = context.get("opts")
    if opts is None:
        return header_title(context)
    link = link_to_list(opts.app_label, opts.model_name)
    name = f"admin:{opts.app_label}_{opts.model_name}"
    parts: list[dict[str, Any]] = [
        {
            "title": link.title if link else capfirst(opts.verbose_name_plural),
            "link": reverse(f"{name}_changelist"),
        }
    ]
    if (row := context.get("original")) is not None:
        parts.append({"title": row})
    # On pages about a row that are not the row's own: its history, whether to delete it.
    elif (row := context.get("object")) is not None:
        own = reverse(f"{name}_change", args=[row.pk])
        parts += [{"title": row, "link": own}, {"title": context["title"]}]
    elif context.get("add"):
        parts.append({"title": context["title"]})
    return render_to_string("unfold/helpers/header_title.html", {"parts": parts})
