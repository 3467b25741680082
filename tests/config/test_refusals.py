"""Who comes too late with a form is told so in words, and led on."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

LOGIN = "http://testserver/admin/login/?next=/admin/orders/tag/"


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [(LOGIN, LOGIN), ("https://evil.example/", "/admin/"), ("", "/admin/")],
)
def test_a_form_with_an_old_token_leads_back_to_its_page(came_from: str, leads_to: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        reverse("admin:login"), {"username": "ann"}, headers={"Referer": came_from}
    )

    assert answer.status_code == 403
    assert "This page was open for too long" in answer.content.decode()
    assert f'href="{leads_to}">Open the page again' in unescape(answer.content.decode())


def test_what_is_sent_without_a_session_is_said_to_be_lost(client: Client) -> None:
    answer = client.post(reverse("admin:orders_tag_add"), {"name": "gift"}, follow=True)

    assert answer.redirect_chain == [("/admin/login/?next=/admin/orders/tag/add/", 302)]
    assert "Your session has ended: log in to go on." in answer.content.decode()


def test_who_only_looks_without_a_session_is_just_asked_to_log_in(client: Client) -> None:
    answer = client.get(reverse("admin:index"), follow=True)

    assert "Your session has ended" not in answer.content.decode()
