"""The documentation as pages: all is there, every link leads somewhere, nothing is fetched."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from config.jsonapi.openapi.document import document
from config.jsonapi.registry import registered
from tests.api_client import errors_of

TAGS = [tag["name"] for tag in document()["tags"]]
PAGES = ["/api/docs", *(f"/api/docs/{tag}" for tag in TAGS)]


class Page(HTMLParser):
    """What a page has of links, anchors, words, and things that run or are fetched."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.words = ""
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        answer = Client().get(address)
        assert answer.status_code == 200
        self.policy = answer["Content-Security-Policy"]
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.attributes |= found.keys()
        self.links += [found[name] for name in ("href", "src") if name in found]
        if "id" in found:
            self.anchors.append(found["id"])

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("address", PAGES)
def test_every_link_leads_somewhere_on_this_server(address: str) -> None:
    page = Page(address)
    assert len(page.anchors) == len(set(page.anchors))
    for link in page.links:
        place, anchor = urldefrag(link)
        if place.startswith("/static/"):
            assert finders.find(place.removeprefix("/static/")), link
        else:
            assert place in {"", "/api/schema", *PAGES}, link
            assert not anchor or place or anchor in page.anchors, link


def test_anchors_of_other_pages_exist() -> None:
    for link in Page("/api/docs").links:
        place, anchor = urldefrag(link)
        if place and anchor:
            assert anchor in Page(place).anchors, link


@pytest.mark.parametrize("address", PAGES)
def test_nothing_runs_and_nothing_is_fetched_from_elsewhere(address: str) -> None:
    page = Page(address)
    assert page.policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert not page.tags & {"script", "style", "iframe", "form", "img"}
    assert not {name for name in page.attributes if name == "style" or name.startswith("on")}


def test_everything_of_a_resource_is_on_its_page() -> None:
    for resource in registered():
        page = Page(f"/api/docs/{resource.type}")
        for name in (*resource.attributes, *resource.triggers):
            assert name in page.anchors, (resource.type, name)
        for name in resource.relationships:
            assert f"{name}_relationship" in page.anchors, (resource.type, name)
        for action in resource.actions:
            assert f"{resource.type}_{action}" in page.anchors, (resource.type, action)


def test_a_page_tells_who_may_ask_and_shows_real_answers() -> None:
    page = Page("/api/docs/order_copies")
    assert "For integration, webapp." in page.words
    assert '"place_target_order"' in page.words
    start = Page("/api/docs")
    assert "http://testserver/oauth/token" in start.words
    assert "colour_eq is not allowed." in start.words


def test_unknown_pages_and_other_methods() -> None:
    assert errors_of(Client().get("/api/docs/nothing")) == [(404, "RECORD_NOT_FOUND", None)]
    refused = Client().post("/api/docs")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
