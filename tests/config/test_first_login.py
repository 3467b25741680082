"""The way into a new shop is open once, to whoever reads the terminal."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from config.first_login import FIRST_ADMINISTRATOR, create_first_administrator

pytestmark = pytest.mark.django_db

OWN_PASSWORD = "lantern-orchid-72"


@pytest.fixture
def one_time_password() -> str:
    password = create_first_administrator()
    assert password is not None
    return password


@pytest.fixture
def newcomer(one_time_password: str) -> Client:
    client = Client()
    assert client.login(username=FIRST_ADMINISTRATOR, password=one_time_password)
    return client


def choose_password(client: Client, old: str) -> None:
    new = {"old_password": old, "new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD}
    assert client.post(reverse("admin:password_change"), new).status_code == 302


def test_a_shop_without_staff_gets_an_administrator_with_a_random_password(
    one_time_password: str,
) -> None:
    user = get_user_model().objects.get(username=FIRST_ADMINISTRATOR)

    assert user.is_superuser
    assert len(one_time_password) >= 16
    assert one_time_password not in user.one_time_password.password


def test_a_shop_with_staff_is_left_alone(one_time_password: str) -> None:
    assert create_first_administrator() is None
    assert get_user_model().objects.count() == 1


def test_nobody_who_happens_to_be_called_admin_is_made_one() -> None:
    get_user_model().objects.create_user(FIRST_ADMINISTRATOR)

    assert create_first_administrator() is None


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

    assert not Client().login(username=FIRST_ADMINISTRATOR, password=one_time_password)


def test_everybody_else_is_not_stopped(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("ann", password=OWN_PASSWORD))

    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get("/").status_code == 302
