"""Whether a page can be used by everybody, as far as a program can tell."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]},
    "resultTypes": ["violations"],
}
GRAVE = {"serious", "critical"}


def grave_faults(page: Page) -> list[str]:
    """What axe finds on the page as it is now that is serious or critical."""
    return [
        f"{violation['id']}: {violation['help']}\n    "
        + "\n    ".join(
            f"{node['html'][:200]} {node['failureSummary']}" for node in violation["nodes"][:5]
        )
        for violation in Axe().run(page, options=RULES).response["violations"]
        if violation["impact"] in GRAVE
    ]


def assert_accessible(page: Page) -> None:
    """Let axe look at the page as it is now; nothing it finds may be serious or critical."""
    found = grave_faults(page)
    assert found == [], "\n".join(found)
