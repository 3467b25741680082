"""The way into a new shop: a first administrator with a random password that must be replaced."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.models import OneTimePassword

FIRST_ADMINISTRATOR = "admin"
# What somebody with a one-time password may see: the form for another, and the way out.
OPEN_PAGES = {"login", "logout", "password_change", "jsi18n"}


@transaction.atomic
def create_first_administrator() -> str | None:
    """Make an administrator for a shop that has none, and answer the password; only its hash stays.

    A shop that has staff, or somebody of that name, answers None and is left alone.
    """
    users = get_user_model()._default_manager
    if users.filter(Q(is_staff=True) | Q(username=FIRST_ADMINISTRATOR)).exists():
        return None
    password = secrets.token_urlsafe(12)
    user = users.create_superuser(FIRST_ADMINISTRATOR, password=password)
    OneTimePassword.objects.create(user=user, password=user.password)
    return password


class OneTimePasswordMiddleware:
    """Leads whoever still has a one-time password to the form for another, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Step in before a page of the admin is made; other addresses know no passwords."""
        page = request.resolver_match
        if page is None or page.app_name != "admin" or page.url_name in OPEN_PAGES:
            return None
        if not request.user.is_authenticated or not self._must_choose(request.user.pk):
            return None
        messages.info(request, "First choose a password of your own.")
        return redirect("admin:password_change")

    @staticmethod
    def _must_choose(user: Any) -> bool:
        issued = OneTimePassword.objects.select_related("user").filter(user=user).first()
        return issued is not None and issued.is_in_use
