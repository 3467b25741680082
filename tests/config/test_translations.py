"""Whatever the admin says, it says in every language that it offers."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from config.translations import Translation, all_translations
from tests.staff import StaffClient

OF_PACKAGES = pytest.mark.parametrize(
    "kept", all_translations(), ids=lambda kept: f"{kept.package}-{kept.language}"
)
HOW = "Run `manage.py translations`, and translate what it lists."


@OF_PACKAGES
def test_nothing_is_left_untranslated(kept: Translation) -> None:
    assert kept.missing() == [], HOW
    assert kept.unused() == [], HOW


@OF_PACKAGES
def test_what_django_reads_is_what_the_translators_wrote(kept: Translation) -> None:
    assert kept.is_compiled(), HOW


def test_the_same_words_are_translated_alike_in_all_packages() -> None:
    """Django reads all catalogues as one, so of two translations one would never be seen."""
    said: dict[Any, set[str]] = {}
    for kept in all_translations():
        for message in kept.read():
            if message.id:
                known = said.setdefault((kept.language, str(message.id), message.context), set())
                known.add(str(message.string))

    assert {words for words, known in said.items() if len(known) > 1} == set()


@pytest.mark.django_db
def test_the_admin_speaks_the_language_of_the_browser(admin_client: StaffClient) -> None:
    page = admin_client.get(reverse("admin:index"), headers={"accept-language": "it"})

    assert "Dati di test" in page.content.decode()
    assert '<html lang="it"' in page.content.decode()


@pytest.mark.django_db
def test_the_api_speaks_english_whatever_the_language_of_the_page_before(
    admin_client: StaffClient,
) -> None:
    admin_client.get(reverse("admin:index"), headers={"accept-language": "it"})

    admin_client.get("/api/orders", headers={"accept-language": "it"})

    assert translation.get_language() == "en"
