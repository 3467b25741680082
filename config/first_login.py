"""The way into a new shop: a random password that must be replaced at once."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from config.models import OneTimePassword
from config.roles import MANAGER, give_role

FIRST_MANAGER = "manager"
# What somebody with a one-time password may see: the form for another, and the way out.
OPEN_PAGES = {"login", "logout", "password_change", "jsi18n"}


@transaction.atomic
def create_first_manager() -> str | None:
    """Make a manager for a shop that has no staff, and answer the password; only its hash stays.

    A shop that has staff, or somebody of that name, answers None and is left alone, and so is
    production: there the operator makes the first user by ``createsuperuser``.
    """
    users = get_user_model()._default_manager
    if settings.ENVIRONMENT == "production":
        return None
    if users.filter(Q(is_staff=True) | Q(username=FIRST_MANAGER)).exists():
        return None
    user = users.create_user(FIRST_MANAGER, is_staff=True)
    give_role(user, MANAGER)
    return give_one_time_password(user)


@transaction.atomic
def give_one_time_password(user: Any) -> str:
    """Replace somebody's password by a random one that opens only the form for another."""
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    OneTimePassword.objects.update_or_create(
        user=user, defaults={"password": user.password, "issued_at": timezone.now()}
    )
    return password


class OneTimePasswordMiddleware:
    """Leads whoever still has a one-time password to the form for another, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Step in before a page of the admin is made; other addresses know no passwords."""
        page = request.resolver_match
        if page is None or page.app_name != "admin" or page.url_name in OPEN_PAGES:
            return None
        if not request.user.is_authenticated or not self._must_choose(request.user.pk):
            return None
        messages.info(request, _("First choose a password of your own."))
        return redirect("admin:password_change")

    @staticmethod
    def _must_choose(user: Any) -> bool:
        issued = OneTimePassword.objects.select_related("user").filter(user=user).first()
        return issued is not None and issued.is_in_use
