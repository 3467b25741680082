"""The way into a new shop is open once, to whoever reads the terminal."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from config.first_login import FIRST_MANAGER, create_first_manager
from config.roles import MANAGER, role_of

pytestmark = pytest.mark.django_db

OWN_PASSWORD = "lantern-orchid-72"


@pytest.fixture
def one_time_password() -> str:
    password = create_first_manager()
    assert password is not None
    return password


@pytest.fixture
def newcomer(one_time_password: str) -> Client:
    client = Client()
    assert log_in(client, one_time_password).status_code == 302
    return client


def log_in(client: Client, password: str) -> Any:
    return client.post(reverse("admin:login"), {"username": FIRST_MANAGER, "password": password})


def choose_password(client: Client, old: str) -> None:
    new = {"old_password": old, "new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD}
    assert client.post(reverse("admin:password_change"), new).status_code == 302


def test_a_shop_without_staff_gets_a_manager_with_a_random_password(
    one_time_password: str,
) -> None:
    user = get_user_model().objects.get(username=FIRST_MANAGER)

    assert role_of(user) == MANAGER
    assert user.is_staff
    assert not user.is_superuser
    assert len(one_time_password) >= 16
    assert one_time_password not in user.one_time_password.password


def test_a_shop_with_staff_is_left_alone(one_time_password: str) -> None:
    assert create_first_manager() is None
    assert get_user_model().objects.count() == 1


def test_production_creates_nobody(settings: Any) -> None:
    settings.ENVIRONMENT = "production"

    assert create_first_manager() is None
    assert not get_user_model().objects.exists()


def test_nobody_who_happens_to_be_called_manager_is_made_one() -> None:
    get_user_model().objects.create_user(FIRST_MANAGER)

    assert create_first_manager() is None


@pytest.mark.parametrize("page", ["admin:index", "admin:auth_user_changelist"])
def test_a_one_time_password_leads_to_the_form_for_another(newcomer: Client, page: str) -> None:
    answer = newcomer.get(reverse(page))

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        reverse("admin:password_change"),
    )


def test_the_form_itself_and_the_way_out_stay_open(newcomer: Client) -> None:
    assert newcomer.get(reverse("admin:password_change")).status_code == 200
    assert newcomer.post(reverse("admin:logout")).status_code == 200


def test_a_password_of_ones_own_opens_every_page(newcomer: Client, one_time_password: str) -> None:
    choose_password(newcomer, one_time_password)

    assert newcomer.get(reverse("admin:index")).status_code == 200


def test_a_one_time_password_is_worth_nothing_afterwards(
    newcomer: Client, one_time_password: str
) -> None:
    choose_password(newcomer, one_time_password)

    assert log_in(Client(), one_time_password).status_code == 200


def test_a_one_time_password_cannot_be_kept(newcomer: Client, one_time_password: str) -> None:
    same = dict.fromkeys(("old_password", "new_password1", "new_password2"), one_time_password)

    answer = newcomer.post(reverse("admin:password_change"), same)

    assert list(answer.context["form"].errors) == ["new_password1"]
    assert newcomer.get(reverse("admin:index")).status_code == 302


def test_a_new_password_leads_on_to_the_shop(newcomer: Client, one_time_password: str) -> None:
    choose_password(newcomer, one_time_password)

    assert "Your password was changed." in newcomer.get(reverse("admin:index")).content.decode()


def test_everybody_else_is_not_stopped(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("ann", password=OWN_PASSWORD))

    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get("/").status_code == 302
