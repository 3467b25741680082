"""One window on the shop, and what went on in it behind the page."""

from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.staff import StaffClient

HEIGHT = 900


class Visit:
    """A window of its own size, language, time zone and cookies."""

    def __init__(
        self, browser: Browser, address: str, width: int, dark: bool, language: str, zone: str
    ) -> None:
        self.address = address
        self.complaints: list[str] = []
        self.opened: set[str] = set()
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if dark else "light",
            locale=language,
            timezone_id=zone,
        )
        self.context.on("request", self._watch_request)
        self.context.on("console", self._watch_console)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def take_session(self, client: StaffClient) -> None:
        """Be whom a test client is logged in as."""
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def leave(self) -> list[str]:
        """Close the window; answers what was wrong."""
        self.context.close()
        return self.complaints

    def _watch_request(self, request: Request) -> None:
        if request.is_navigation_request():
            self.opened.add(request.url)
        place = urlsplit(request.url)
        if place.scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(
            self.address
        ):
            self.complaints.append(f"asked {place.netloc} for {place.path}")

    def _watch_console(self, message: ConsoleMessage) -> None:
        """Remember errors, but for a page that answers «no»: the browser tells those as well."""
        refused = "the server responded with a status of 4" in message.text
        if message.type == "error" and not (refused and message.location["url"] in self.opened):
            self.complaints.append(message.text)
