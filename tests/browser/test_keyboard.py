"""The admin without a mouse: everything is reached by Tab, seen when it is, and pressed by keys."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from config.roles import VIEWER, role_of
from ordercopy.models import OrderCopy, OrderCopyBatch
from orders.models import ApiClient, Order
from tests.copying import copied, run, run_batch
from tests.factories import Line, order_with, shop

Open = Callable[..., Page]

# More than any page has before what is looked for.
FAR = 90
OUTLINE = "each => getComputedStyle(each).outlineStyle"


def tab_to(page: Page, goal: Locator, key: str = "Tab") -> Locator:
    """Go on by Tab until the goal has the focus, which is seen."""
    for _ in range(FAR):
        page.keyboard.press(key)
        if goal.evaluate("each => each === document.activeElement"):
            assert goal.evaluate(OUTLINE) != "none", goal
            return goal
    raise AssertionError(f"{goal} is not reached by Tab")


def press(page: Page, goal: Locator) -> None:
    """Go to something by Tab and press it."""
    tab_to(page, goal)
    page.keyboard.press("Enter")


def test_a_customers_orders_are_found_copied_and_followed(visit: Open) -> None:
    here = shop("test")
    ann, bob = here.customer("ann@example.com"), here.customer("bob@example.com")
    for customer in (ann, ann, bob):
        order_with(here, Line(here.sku()), customer=customer)
    page = visit("operator")
    page.goto("/admin/orders/order/")

    tab_to(page, page.get_by_role("textbox", name="Search"))
    page.keyboard.type("ann@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_text("bob@example.com")).to_have_count(0)
    filters = tab_to(page, page.get_by_role("button", name="Filters"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Apply Filters")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Apply Filters")).to_be_hidden()
    expect(filters).to_be_focused()

    tab_to(page, page.locator("#action-toggle"))
    page.keyboard.press("Space")
    tab_to(page, page.locator("select[name=action]"))
    page.keyboard.type("Copy")
    tab_to(page, page.get_by_role("button", name="Run"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("2 orders are copied.")).to_be_visible()
    tab_to(page, page.get_by_label("Place the new orders at once"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Preview"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("All 2 orders were tried out")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Copy 2 orders"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("0 of 2 copies have ended")).to_be_visible()
    run_batch(OrderCopyBatch.objects.get())
    expect(page.get_by_text("All 2 copies have ended")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="2 completed"))
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    assert Order.objects.filter(status="placed", customer=ann).count() == 2
    assert not Order.objects.filter(status="placed", customer=bob).exists()


def test_stock_is_mended_and_the_copies_that_wait_for_it_are_retried(visit: Open) -> None:
    here = shop("test")
    short = here.sku("GONE", stock=0)
    failed = [copied(order_with(here, Line(short))) for _ in range(2)]
    page = visit("operator")
    page.goto(f"/admin/orders/sku/{short.pk}/change/")
    expect(page.get_by_text("2 failed copies wait for this product.")).to_be_visible()

    tab_to(page, page.get_by_role("link", name="See why, and free them"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("spinbutton", name="GONE in"))
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is not in the way any more: retry them.")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Retry these 2 copies"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Retry"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("2 copies are tried again.")).to_be_visible()
    waiting = OrderCopy.objects.filter(pk__in=[copy.pk for copy in failed], status="pending")
    assert waiting.count() == 2


def test_a_copy_is_retried_on_its_own_page_and_compared_with_its_source(visit: Open) -> None:
    here = shop("test")
    short = here.sku("MUG", stock=0)
    failed = copied(order_with(here, Line(short)))
    short.stock_items.update(quantity=5)
    page = visit("operator")
    page.goto(f"/admin/ordercopy/ordercopy/{failed.pk}/change/")

    retry = page.get_by_role("button", name="Retry", exact=True)
    press(page, retry)
    expect(page.get_by_role("heading", name="Retry 1 copy?")).to_be_visible()
    press(page, retry)
    expect(page.get_by_text("1 copy is tried again.")).to_be_visible()
    run([failed])
    press(page, page.get_by_role("link", name="Show"))
    press(page, page.get_by_role("link", name="Compare"))

    expect(page.get_by_role("row").filter(has_text="MUG")).to_be_visible()


def test_a_colleague_and_a_program_are_let_in(visit: Open) -> None:
    page = visit("manager")
    save = page.get_by_role("button", name="Save", exact=True)
    page.goto("/admin/auth/user/")
    press(page, page.get_by_role("link", name="New colleague"))
    tab_to(page, page.get_by_role("textbox", name="Name to log in with"))
    page.keyboard.type("ann")
    press(page, save)
    expect(page.get_by_text("ann logs in with the password")).to_be_visible()
    assert role_of(User.objects.get(username="ann")) == VIEWER

    page.goto("/admin/orders/apiclient/")
    press(page, page.get_by_role("link", name="New API client").first)
    tab_to(page, page.get_by_role("textbox", name="Name"))
    page.keyboard.type("Till")
    press(page, save)
    page.context.grant_permissions(["clipboard-write"])
    press(page, page.get_by_role("button", name="Copy the secret"))
    expect(page.get_by_text("The client secret is copied.")).to_be_visible()
    press(page, page.get_by_role("link", name="I have copied both"))

    expect(page.get_by_role("link", name="Till").first).to_be_visible()
    assert ApiClient.objects.get().name == "Till"


def test_the_account_and_the_colours_of_pages_are_changed(visit: Open) -> None:
    page = visit("viewer")
    page.goto("/admin/")
    account = page.get_by_role("button", name="viewer")

    tab_to(page, account)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(account).to_be_focused()

    page.keyboard.press("Space")
    dark = tab_to(page, page.get_by_role("button", name="Dark"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(dark).to_have_attribute("aria-pressed", "true")
    expect(page.locator("html.dark")).to_have_count(1)
