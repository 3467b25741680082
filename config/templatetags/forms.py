"""What every form of the admin carries, wherever its template comes from.

This library is built into the templates, so that its ``csrf_token`` stands in for Django's own.
"""

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from config.modes import FIELD

register = template.Library()


class FormTokens(CsrfTokenNode):
    """The CSRF token and, on a page of the admin, the mode that the form was opened in."""

    def render(self, context: Context) -> str:
        token = super().render(context)
        mode = getattr(context.get("request"), "mode", None)
        if not token or mode is None:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', FIELD, mode)


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> FormTokens:
    """Write the hidden fields that a form must send."""
    return FormTokens()
