"""A real browser for the pages.

While Playwright runs, its event loop occupies the thread of the test. So it lives no longer than
the tests of one file, all of which use it: others start loops of their own. Within such a file
Django is told not to mind the loop, which never touches the database.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.visit import Visit
from tests.staff import PASSWORD, StaffClient, colleague


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.fixturenames:  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or the loud news that there is none."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        try:
            path = chromium.executable(playwright)
        except chromium.NoBrowser as error:
            if os.environ.get("BROWSER_REQUIRED"):
                raise
            pytest.skip(f"{chromium.NO_BROWSER}{error}")
        # Root, as in a container, gets no sandbox; nothing but our own pages is opened.
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open the shop in a window of its own: ``visit()``, ``visit("operator", mode="live")``.

    With a role, somebody of that role is logged in already. At the end of the test it fails when a
    page asked another host for anything or complained on the console.
    """
    visits: list[Visit] = []

    def open_window(
        role: str | None = None,
        *,
        mode: str = "test",
        width: int = 1440,
        dark: bool = False,
        language: str = "en",
        zone: str = "Europe/Rome",
    ) -> Page:
        visits.append(Visit(browser, live_server.url, width, dark, language, zone))
        if role is not None:
            visits[-1].take_session(StaffClient(colleague(role), mode))
        return visits[-1].page

    yield open_window
    complaints = [complaint for each in visits for complaint in each.leave()]
    assert complaints == []


@pytest.fixture
def newcomer(transactional_db: None) -> tuple[str, str]:
    """A manager who is not logged in yet: name and password."""
    return colleague("manager", password=PASSWORD).username, PASSWORD
