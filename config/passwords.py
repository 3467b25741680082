"""Choosing a password of one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from unfold.forms import AdminOwnPasswordChangeForm


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """Takes no password that stays the same: a one-time password was seen by others."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        old, new = given.get("old_password"), given.get("new_password1")
        if new and new == old:
            self.add_error("new_password1", _("Choose another password than the one you have."))
        return given


class OwnPasswordView(PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:index")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Your password was changed."))
        return super().form_valid(form)
