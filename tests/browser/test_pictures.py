"""The pictures of the README, taken of a sample shop: `make pictures` takes them anew."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F
from playwright.sync_api import Page

from ordercopy.batches import create_batch
from ordercopy.models import CopyAttempt, FactoryStatus, OrderCopy, OrderCopyBatch, OrderFactory
from ordercopy.options import CopyOptions
from ordercopy.sources import SourceFilter, choose_orders, find_order
from orders.audit import Who
from orders.models import Mode, Sku, StockItem
from orders.sample import import_sample_shop
from tests.copying import run_batch
from tests.factories import TESTER
from tests.processes import workers

FOLDER = Path(__file__).with_name("pictures")
README = Path(settings.BASE_DIR, "README.md")
LARGEST = 200_000

# How many orders were copied on each of the last days, today being the last.
BY_DAY = (38, 52, 61, 44, 73, 0, 21, 66, 70, 58, 81, 12, 34, 27)
# What the merchant has not got round to: the rest is in stock and for sale.
SHORT, DISABLED = ("NW031", "NW021", "NW060"), ("NW024", "NW017")
# Three of its four products can be had.
COMPARED = "10293"


def test_the_readme_shows_each_picture() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", README.read_text())

    assert {Path(settings.BASE_DIR, name) for name in shown} == set(FOLDER.glob("*.png"))
    assert all(picture.stat().st_size < LARGEST for picture in FOLDER.glob("*.png"))


@pytest.mark.skipif("RECORD_PICTURES" not in os.environ, reason="only `make pictures` takes them")
def test_take_the_pictures(visit: Callable[..., Page]) -> None:
    page = visit("manager")
    who = Who.user(get_user_model().objects.get())
    import_sample_shop(mode=Mode.TEST, who=TESTER)
    Sku.objects.exclude(code__in=DISABLED).update(disabled_at=None)
    StockItem.objects.exclude(sku__code__in=SHORT).update(quantity=400)
    copy_day_after_day(who)
    compared = find_order(COMPARED, mode=Mode.TEST)
    run_batch(ask([compared.pk], who, skip_errors=True))

    with workers(1):
        take(page, "/admin/", "home", 1200)
        take(page, f"/admin/ordercopy/ordercopy/{a_failed_copy().pk}/change/", "errors", 900)
        target = OrderCopy.objects.get(batch__skip_errors=True).target_order_id
        take(page, f"/admin/compare/{target}/", "comparison", 900)


def copy_day_after_day(who: Who) -> None:
    sources = choose_orders(SourceFilter(), mode=Mode.TEST)
    for days_ago, count in reversed(list(enumerate(reversed(BY_DAY)))):
        asked, sources = sources[:count], sources[count:]
        if asked:
            batch = ask(asked, who)
            run_batch(batch)
            move_back(batch, timedelta(days=days_ago))


def ask(sources: list[str], who: Who, *, skip_errors: bool = False) -> OrderCopyBatch:
    options = CopyOptions(skip_errors=skip_errors)
    return create_batch(sources, mode=Mode.TEST, options=options, who=who, wake=False)


def move_back(batch: OrderCopyBatch, by: timedelta) -> None:
    """Let a batch have happened some days before."""
    times = ("created_at", "started_at", "completed_at", "failed_at")
    copies = OrderFactory.objects.filter(batch=batch)
    copies.update(**{name: F(name) - by for name in times})
    attempts = CopyAttempt.objects.filter(factory__batch=batch)
    attempts.update(started_at=F("started_at") - by, ended_at=F("ended_at") - by)
    OrderCopyBatch.objects.filter(pk=batch.pk).update(created_at=F("created_at") - by)


def a_failed_copy() -> OrderCopy:
    """The one with most to say."""
    failed = OrderCopy.objects.filter(status=FactoryStatus.FAILED)
    return failed.order_by("-errors_count", "sequence")[0]


def take(page: Page, address: str, name: str, height: int) -> None:
    page.set_viewport_size({"width": 1440, "height": height})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
