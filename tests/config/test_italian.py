"""An Italian merchant reads Italian: no page leaves an English word, date or amount standing.

What a page says is compared with the words of all that is translated, our own and Django's. What
stands in the database is data, in whatever language it was written.
"""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, TextField
from django.urls import reverse

from config.translatable import catalogues_of_django
from config.translations import all_translations
from orders.models import Order
from tests.config.test_roles_and_pages import Address, addresses
from tests.copying import batch_of, copied
from tests.factories import NOON, Line, order_with, placed_order, shop
from tests.staff import StaffClient, colleague
from tests.worlds import world as one_of_everything

pytestmark = pytest.mark.django_db

WORD = re.compile(r"[^\W\d_]{3,}")
# Tags without an end, tags that say nothing to a reader, and attributes that do.
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "path", "source"}
SILENT = {"script", "style", "template", "svg", "code", "pre", "time"}
SAID = ("title", "aria-label", "placeholder", "alt")
# English words that Italian merchants say as well, and names.
SHARED = frozenset(
    WORD.findall(
        "account api app cap client code coupon csv domain download email english excel facebook"
        " file google home italiano live logo mail manager menu metadata online ordercopy origin"
        " password per pixel privacy regex shopify sku slug software staff stato tag test token url"
        " web worker"
    )
)
# Tables whose rows say something of the program, not of the shop.
OF_THE_PROGRAM = {"contenttypes", "sessions", "procrastinate"}


class Reader(HTMLParser):
    """Hears what a page says: texts, and the attributes that screen readers say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in SILENT:
            self.said += [text for name in SAID if (text := given.get(name))]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.said.append(given.get("value") or "")
        if tag not in VOID:
            icon = "material-symbols" in (given.get("class") or "")
            self.open.append((tag, icon or tag in SILENT))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(silent for _tag, silent in self.open):
            self.said.append(text)


@cache
def english_words() -> frozenset[str]:
    """Words that are said in English and in no Italian sentence."""
    catalogues = [kept.read() for kept in all_translations() if kept.language == "it"]
    catalogues += catalogues_of_django("it")
    english, italian = set(SHARED), set(SHARED)
    for message in (message for catalogue in catalogues for message in catalogue if message.id):
        english |= words_of(message.id)
        italian |= words_of(message.string)
    return frozenset(english - italian)


def words_of(text: Any) -> set[str]:
    parts = [text] if isinstance(text, str) else text
    plain = (re.sub(r"%\(\w+\)\w|\{\w*\}|<[^>]+>", " ", part) for part in parts)
    return {word.lower() for part in plain for word in WORD.findall(part)}


def data() -> re.Pattern[str]:
    """Whatever the shop's rows say, the longest first."""
    values = {
        str(value)
        for model in apps.get_models()
        if model._meta.app_label not in OF_THE_PROGRAM
        for field in model._meta.concrete_fields
        if says_something(field)
        for value in model._default_manager.values_list(field.name, flat=True)
        if value and WORD.search(str(value))
    }
    longest_first = sorted(values, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def says_something(field: Any) -> bool:
    """Whether a column holds words of the merchant's, not a choice of ours or an error's text."""
    text = isinstance(field, CharField | TextField)
    return text and not field.choices and field.name != "message"


@pytest.fixture
def world() -> dict[Any, Any]:
    """A row of everything, and copies that went well, failed and wait."""
    one_of_everything("test")
    here = shop()
    order = placed_order(here, Line(here.sku(stock=9)))
    copied(order)
    copied(order_with(here, Line(here.sku(stock=0)), Line(here.sku(disabled_at=NOON))))
    pending = order_with(here, Line(here.sku(stock=9)))
    return {
        "order_id": order.pk,
        "batch_id": batch_of(pending).pk,
        "kind": "csv",
        "app_label": "orders",
        "key": "none",
        "name": "place",
        Order: pending,
    }


def is_list(address: Address) -> bool:
    return str(address.name).endswith("_changelist")


def is_form(address: Address) -> bool:
    """Rows have the same form when they are new; of people and API clients it is another."""
    return str(address.name).endswith(("_change", "user_add", "apiclient_add"))


def is_own(address: Address) -> bool:
    """Pages that are ours alone; those that delete and tell a history are Django's."""
    of_django = ("_changelist", "_add", "_change", "_delete", "_history")
    return not str(address.name).endswith(of_django)


def left_in_english(client: StaffClient, pages: Iterator[Address]) -> dict[str, str]:
    """Answer each English word that a page says, with where and how."""
    english, of_the_shop = english_words(), data()
    found = {}
    for page in pages:
        answer = client.get(page.path, headers={"accept-language": "it"})
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for text in Reader(answer.content.decode()).said:
            for word in words_of(of_the_shop.sub(" ", text)) & english:
                found.setdefault(word, f"{page.path}: {text}")
    return found


@pytest.mark.parametrize("kind", [is_list, is_form, is_own])
def test_no_page_leaves_an_english_word_to_an_italian(kind: Any, world: dict[Any, Any]) -> None:
    client = StaffClient(colleague("manager"))

    assert left_in_english(client, filter(kind, addresses(world))) == {}


@pytest.mark.parametrize(
    ("language", "total", "placed", "price"),
    [
        ("en", "€1,234.50", "15 Jun 2030", "1234.50"),
        ("it", "1.234,50\xa0€", "15/06/2030", "1234,50"),
    ],
)
def test_amounts_and_times_are_written_as_the_reader_is_used_to(
    staff: Any, language: str, total: str, placed: str, price: str
) -> None:
    here = shop()
    sku = here.sku(price=123450)
    order = placed_order(here, Line(sku))
    client, headers = staff("operator"), {"accept-language": language}

    listed = client.get(reverse("admin:orders_order_changelist"), headers=headers).content.decode()
    form = client.get(reverse("admin:orders_sku_change", args=[sku.pk]), headers=headers)

    assert order.number in listed
    assert total in listed
    assert placed in listed
    assert f'value="{price}"' in form.content.decode()
