"""How the documentation writes code, addresses and JSON."""

import json
import re
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
CODE = re.compile(r"`+([^`]+)`+")


@register.filter
def inline_code(text: str) -> SafeString:
    """A text whose backticks stand for code."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 (it is escaped)


@register.filter
def breakable(name: str) -> SafeString:
    """A long name or address that may break where it has a sign."""
    return mark_safe(re.sub(r"([/_])", r"\1<wbr>", escape(name)))  # noqa: S308 (it is escaped)


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
