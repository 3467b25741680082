"""What is sent after a session has ended is there after the login, for the same person alone."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from config.unsent import FIELD, WRITER
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
    return client.post(NEW_TAG, {**TYPED, WRITER: person.pk, **fields})


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

    assert f'name="{WRITER}" value="{ann.pk}"' in page


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

    login = client.post(reverse(f"admin:{button}"), {"mode": "live", WRITER: ann.pk})

    assert login["Location"] == f"{LOGIN}?next={reverse('admin:index')}"


def test_what_was_made_by_hand_is_not_kept(ann: Any) -> None:
    answer = StaffClient().post(LOGIN, {"username": "ann", "password": PASSWORD, FIELD: "{}"})

    assert answer["Location"] == reverse("admin:index")
