"""Who may do what: every cell of the table, asked of the server."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from config.navigation import NAVIGATION
from config.roles import MANAGER, OPERATOR, ROLES, VIEWER, permissions_of, role_of
from orders.admin.base import ReadOnlyAdmin
from orders.models import ApiClient
from tests.staff import PASSWORD, StaffClient, colleague

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
LINKS = [link for _title, links in NAVIGATION for link in links]
MODELS = list(admin.site._registry)


@pytest.mark.parametrize("role", ROLES)
def test_a_group_holds_what_the_table_says(role: str) -> None:
    assert colleague(role).get_all_permissions() == permissions_of(role)


def test_each_role_may_all_that_the_one_before_it_may() -> None:
    assert permissions_of(VIEWER) < permissions_of(OPERATOR) < permissions_of(MANAGER)


def test_what_somebody_added_to_a_role_by_hand_is_gone_after_migrating() -> None:
    Group.objects.get(name=VIEWER).permissions.clear()

    call_command("migrate", verbosity=0)

    assert colleague(VIEWER).get_all_permissions() == permissions_of(VIEWER)


def made_elsewhere(model: Any) -> bool:
    return isinstance(admin.site._registry[model], ReadOnlyAdmin) and model is not ApiClient


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_page_of_a_model_opens_for_whom_the_table_lets_in(
    role: str | None, staff: Staff
) -> None:
    client = staff(role)
    allowed = permissions_of(role) if role else set()

    for model, page in product(MODELS, ("changelist", "add")):
        label, name = model._meta.app_label, model._meta.model_name
        needed = {"changelist": "view", "add": "add"}[page]
        may = f"{label}.{needed}_{name}" in allowed
        # Some rows are made elsewhere: lines on the page of their order.
        may = may and (page == "changelist" or not made_elsewhere(model))
        answer = client.get(reverse(f"admin:{label}_{name}_{page}"))
        assert answer.status_code == (200 if may else 403), (role, model, page)


@pytest.mark.parametrize("role", [None, *ROLES])
def test_the_sidebar_shows_what_a_role_may_open_and_nothing_else(
    role: str | None, staff: Staff
) -> None:
    client = staff(role)

    page = client.get(reverse("admin:index"))
    shown = {
        item["link"] for group in page.context["sidebar_navigation"] for item in group["items"]
    }

    for link in LINKS:
        address = reverse(f"admin:{link.page}")
        assert (address in shown) == (client.get(address).status_code == 200), address


# People


def new_colleague(client: StaffClient, **fields: Any) -> Any:
    return client.post(
        reverse("admin:auth_user_add"), {"username": "ann", "role": "viewer", **fields}, follow=True
    )


def ann() -> Any:
    return get_user_model().objects.get(username="ann")


def test_a_manager_lets_a_colleague_in_with_a_role(staff: Staff) -> None:
    page = new_colleague(staff(MANAGER), role=OPERATOR).content.decode()

    assert (role_of(ann()), ann().is_staff, ann().is_superuser) == (OPERATOR, True, False)
    assert ann().one_time_password.is_in_use
    assert "ann logs in with the password" in page


def test_a_role_is_changed_for_another(staff: Staff) -> None:
    colleague(VIEWER, "ann")

    staff(MANAGER).post(
        reverse("admin:auth_user_change", args=[ann().pk]),
        {"username": "ann", "role": OPERATOR, "is_active": "on"},
    )

    assert [group.name for group in ann().groups.all()] == [OPERATOR]


def test_permissions_and_superusers_are_not_to_be_had_by_a_form(staff: Staff) -> None:
    new_colleague(staff(MANAGER), is_superuser="on", user_permissions="1", groups="1")

    assert not ann().is_superuser
    assert ann().get_all_permissions() == permissions_of(VIEWER)


def test_a_manager_can_neither_demote_nor_shut_out_oneself(staff: Staff) -> None:
    manager = staff(MANAGER)
    me = get_user_model().objects.get(username=MANAGER)

    manager.post(
        reverse("admin:auth_user_change", args=[me.pk]), {"username": MANAGER, "role": VIEWER}
    )

    me.refresh_from_db()
    assert (role_of(me), me.is_active) == (MANAGER, True)


def test_a_manager_has_no_power_over_a_superuser(staff: Staff, admin_user: Any) -> None:
    manager = staff(MANAGER)
    page = reverse("admin:auth_user_change", args=[admin_user.pk])
    chosen = {"action": "new_password", "_selected_action": [admin_user.pk]}

    assert manager.post(page, {"username": "gone"}).status_code == 403
    manager.post(reverse("admin:auth_user_changelist"), chosen)

    admin_user.refresh_from_db()
    assert admin_user.check_password("password")


def test_a_forgotten_password_is_replaced_by_a_one_time_password(staff: Staff) -> None:
    colleague(VIEWER, "ann", password=PASSWORD)
    chosen = {"action": "new_password", "_selected_action": [ann().pk]}

    staff(MANAGER).post(reverse("admin:auth_user_changelist"), chosen)

    assert not ann().check_password(PASSWORD)
    assert ann().one_time_password.is_in_use
