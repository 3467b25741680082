"""What every form of the admin carries, wherever its template comes from.

This library is built into the templates, so that its ``csrf_token`` stands in for Django's own.
"""

from typing import Any

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html_join

from config.modes import FIELD
from config.unsent import WRITER, signature_of

register = template.Library()


class FormTokens(CsrfTokenNode):
    """The CSRF token and, on a page of the admin, the mode and who opened the form."""

    def render(self, context: Context) -> str:
        token = super().render(context)
        request: Any = context.get("request")
        mode = getattr(request, "mode", None)
        if not token or mode is None:
            return token
        said = [(FIELD, mode)]
        if request.user.is_authenticated:
            said.append((WRITER, signature_of(request.user)))
        return token + format_html_join("", '<input type="hidden" name="{}" value="{}">', said)


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> FormTokens:
    """Write the hidden fields that a form must send."""
    return FormTokens()
