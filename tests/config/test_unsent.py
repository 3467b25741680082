"""What is sent after a session has ended is there after the login, for the same person alone."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from config.unsent import FIELD, WRITER, signature_of
from orders.models import Tag
from tests.staff import PASSWORD, StaffClient, colleague

pytestmark = pytest.mark.django_db

NEW_TAG = reverse("admin:orders_tag_add")
LOGIN, UNSENT = reverse("admin:login"), reverse("admin:unsent")
TYPED = {"name": "<spring>", "metadata": "{}"}


@pytest.fixture
def ann() -> Any:
    return colleague("operator", "ann", password=PASSWORD)


def send_too_late(client: StaffClient, person: Any, **fields: str) -> Any:
    """Send a form that this person had opened, once the session is gone."""
    client.logout()
    return client.post(NEW_TAG, {**TYPED, WRITER: signature_of(person), **fields})


def log_in(client: StaffClient, name: str, login: Any) -> Any:
    """Fill in the login as it came, which has what was sent in it."""
    found = re.search(rf'name="{FIELD}" value="([^"]*)"', login.content.decode())
    packed = unescape(found[1]) if found else ""
    return client.post(LOGIN, {"username": name, "password": PASSWORD, FIELD: packed})


def fields_of(page: Any) -> dict[str, str]:
    """The hidden fields of the first form of what was kept."""
    form = page.content.decode().split(f'action="{NEW_TAG}"')[1].split("</form>")[0]
    found = re.findall(r'name="([^"]*)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def test_a_form_says_who_opened_it(ann: Any) -> None:
    page = StaffClient(ann).get(NEW_TAG).content.decode()

    assert re.search(rf'name="{WRITER}" value="{ann.pk}:[\w:-]+"', page)


def test_it_is_sent_after_the_login_and_then_forgotten(ann: Any) -> None:
    client = StaffClient(ann, "live")

    login = send_too_late(client, ann)
    wrong = client.post(LOGIN, {"username": "ann", "password": "?", FIELD: "mistyped"})
    led = log_in(client, "ann", login)
    kept = client.get(UNSENT)

    assert login.status_code == 403
    assert "What you sent last is kept until then." in login.content.decode()
    assert f'name="{FIELD}" value="mistyped"' in wrong.content.decode()
    assert led["Location"] == UNSENT
    assert "It belongs to live data." in kept.content.decode()
    assert not Tag.objects.exists()
    super(StaffClient, client).post(NEW_TAG, fields_of(kept))
    assert (Tag.objects.get().name, Tag.objects.get().mode) == ("<spring>", "live")
    assert client.get(UNSENT)["Location"] == reverse("admin:index")


def test_a_session_that_ends_once_more_before_it_is_sent_loses_nothing(ann: Any) -> None:
    client = StaffClient(ann)
    for button in ("_continue", "_save"):
        log_in(client, "ann", send_too_late(client, ann, **{button: "Save"}))
    pressed = fields_of(client.get(UNSENT))
    client.logout()

    log_in(client, "ann", super(StaffClient, client).post(NEW_TAG, pressed))

    assert fields_of(client.get(UNSENT)).items() >= {**TYPED, "_save": "Save"}.items()


def test_it_can_be_dropped(ann: Any) -> None:
    client = StaffClient(ann)
    log_in(client, "ann", send_too_late(client, ann))

    dropped = client.post(UNSENT)

    assert dropped["Location"] == client.get(UNSENT)["Location"] == reverse("admin:index")
    assert not Tag.objects.exists()


def test_whoever_else_logs_in_does_not_get_it(ann: Any) -> None:
    client = StaffClient(ann)
    login = send_too_late(client, ann)
    colleague("operator", "bob", password=PASSWORD)

    led = log_in(client, "bob", login)

    assert led["Location"] == reverse("admin:index")
    assert client.get(UNSENT)["Location"] == reverse("admin:index")


@pytest.mark.parametrize("field", ["old_password", "new_password1", "client_secret"])
def test_a_form_with_a_secret_is_not_kept(ann: Any, field: str) -> None:
    client = StaffClient(ann)

    login = send_too_late(client, ann, **{field: "lantern"})

    assert login["Location"] == f"{LOGIN}?next={NEW_TAG}"


@pytest.mark.parametrize("button", ["logout", "mode", "unsent"])
def test_a_button_that_is_on_every_page_leads_home_instead(ann: Any, button: str) -> None:
    client = StaffClient(ann)
    client.logout()

    login = client.post(reverse(f"admin:{button}"), {"mode": "live", WRITER: signature_of(ann)})

    assert login["Location"] == f"{LOGIN}?next={reverse('admin:index')}"


def test_what_was_made_by_hand_is_not_kept(ann: Any) -> None:
    answer = StaffClient().post(LOGIN, {"username": "ann", "password": PASSWORD, FIELD: "{}"})

    assert answer["Location"] == reverse("admin:index")


# Logging in again in another window changes the tokens of the forms in the first.

OLD_TOKEN, NEW_TOKEN = "a" * 32, "b" * 32


def send_with_old_token(person: Any, path: str = NEW_TAG, **fields: str) -> Any:
    client = StaffClient(person, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = NEW_TOKEN
    return client.post(path, {**TYPED, "csrfmiddlewaretoken": OLD_TOKEN, **fields}, follow=True)


def test_who_logs_in_in_another_window_finds_what_the_first_one_sends(ann: Any) -> None:
    kept = send_with_old_token(ann, **{WRITER: signature_of(ann), "_save": "Save"})

    assert kept.redirect_chain == [(UNSENT, 302)]
    assert not Tag.objects.exists()
    assert fields_of(kept).items() >= {**TYPED, "_save": "Save"}.items()


def test_so_does_who_had_a_login_open_in_each(ann: Any) -> None:
    client = StaffClient(ann)
    login = send_too_late(client, ann)
    packed = unescape(re.findall(rf'name="{FIELD}" value="([^"]*)"', login.content.decode())[0])

    kept = send_with_old_token(ann, LOGIN, **{FIELD: packed, "password": PASSWORD})

    assert kept.redirect_chain == [(UNSENT, 302)]
    assert fields_of(kept).items() >= TYPED.items()


@pytest.mark.parametrize("said", ["", "{pk}", "{pk}:1tO3ab:forged", "x:{signature}"])
def test_a_form_that_does_not_prove_who_opened_it_is_refused(ann: Any, said: str) -> None:
    writer = said.format(pk=ann.pk, signature=signature_of(ann))

    refused = send_with_old_token(ann, **{WRITER: writer})

    assert refused.status_code == 403
    assert "This page was open for too long" in refused.content.decode()
    assert not Tag.objects.exists()


def test_a_form_of_somebody_else_is_refused_with_the_reason(ann: Any) -> None:
    bob = colleague("operator", "bob")

    refused = send_with_old_token(bob, **{WRITER: signature_of(ann)})

    assert refused.status_code == 403
    assert "Somebody else is logged in here now" in refused.content.decode()
    assert "another person than bob" in refused.content.decode()


def test_a_button_that_is_on_every_page_is_to_be_pressed_once_more(ann: Any) -> None:
    led = send_with_old_token(ann, reverse("admin:logout"), **{WRITER: signature_of(ann)})

    assert led.redirect_chain == [(reverse("admin:index"), 302)]
    assert "press it once more" in led.content.decode()
