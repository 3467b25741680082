"""What the page over all errors mends, asked of the server."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from config.roles import OPERATOR, VIEWER
from ordercopy.copies import retry_copies
from ordercopy.models import FactoryStatus
from orders.models import EventStore, Sku, StockItem
from tests.copying import copied, run
from tests.factories import TESTER, Line, market_beside, order_with, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
ERRORS = "admin:ordercopy_errors"
STOCK = "admin:ordercopy_errors_stock"
ENABLE = "admin:ordercopy_errors_enable"


def test_stock_is_mended_there_and_written_down(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=1)
    copied(order_with(here, Line(mug, 2)))
    item = mug.stock_items.get()
    form = {"stock_item": item.pk, "seen": "1", "quantity": "7"}
    client = staff(OPERATOR)

    answers = [client.post(reverse(STOCK), form, follow=True) for _ in range(2)]

    item.refresh_from_db()
    assert item.quantity == 7
    assert "MUG: 7 in" in answers[0].content.decode()
    (entry,) = EventStore.objects.filter(resource_id=item.pk)
    assert entry.payload == {"quantity": {"from": 1, "to": 7}}
    assert entry.who["owner"]["name"] == OPERATOR


def test_stock_that_is_not_enough_for_all_says_how_much_is_lacking(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", stock=0), here.sku("JAM", stock=0)
    for lines in ([Line(mug, 3), Line(jam)], [Line(mug, 5)]):
        copied(order_with(here, *lines))
    client = staff(OPERATOR)
    form = {"stock_item": mug.stock_items.get().pk}

    def answer(seen: int, quantity: int) -> str:
        given = {**form, "seen": seen, "quantity": quantity}
        return client.post(reverse(STOCK), given, follow=True).content.decode()

    assert "not enough for any of the copies: still 6 short" in answer(0, 2)
    assert "enough for some of the copies, and still 4 short" in answer(2, 4)
    enough = answer(4, 8)
    assert "MUG: 8 in" in enough
    assert 'max="999999999"' in enough
    assert "The copies can be retried." in enough
    assert "There is enough of MUG now" in enough
    assert "Not enough of MUG in stock" not in enough
    assert "1 copy met nothing else: retry it" in enough


def test_only_what_lies_where_the_markets_of_the_copies_sell_from_counts(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=2)
    elsewhere = shop().warehouse
    here.stock(mug, 100, elsewhere)
    copied(order_with(here, Line(mug, 3)))
    client = staff(OPERATOR)

    def seen() -> tuple[bool, int, int, set[str]]:
        (group,) = client.get(reverse(ERRORS)).context["groups"]
        places = {item.stock_location_id for item in group.items}
        return group.mended, group.supply.there, group.supply.lacking, places

    assert seen() == (False, 2, 1, {here.warehouse.pk})
    beside = market_beside(here, elsewhere)
    copied(order_with(here, Line(mug, 104), market=beside))
    # What lies there is of no use to those who want three here.
    assert seen() == (False, 102, 5, {here.warehouse.pk, elsewhere.pk})
    StockItem.objects.filter(stock_location=elsewhere).update(quantity=200)
    assert seen() == (False, 202, 1, {here.warehouse.pk, elsewhere.pk})
    StockItem.objects.filter(stock_location=here.warehouse).update(quantity=3)
    assert seen()[0]


def test_a_cause_holds_since_its_first_failure_however_often_it_was_retried(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", stock=0), here.sku("JAM")
    copy = copied(order_with(here, Line(mug, 2), Line(jam)))
    Sku.objects.filter(pk=jam.pk).update(disabled_at="2020-01-01T00:00Z")
    retry_copies([copy.pk], who=TESTER)
    (copy,) = run([copy])

    groups = staff(VIEWER).get(reverse(ERRORS)).context["groups"]

    since = {group.cause.sku_code: group.cause.since for group in groups}
    first, second = copy.attempts.order_by("number")
    assert since == {"MUG": first.ended_at, "JAM": second.ended_at}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seen": "3"}, "The stock changed meanwhile: it is 1,200 now"),
        ({"quantity": "-1"}, "Give a whole number of pieces"),
        ({"quantity": "many"}, "Give a whole number of pieces"),
        ({"quantity": "1000000000"}, "So many pieces cannot lie in one place: give at most 9999"),
        ({"stock_item": "nothing"}, "This place has no stock of it any more"),
    ],
)
def test_stock_stays_as_it_is_when_something_is_wrong(
    changed: dict[str, str], said: str, staff: Staff
) -> None:
    item = shop().sku("MUG", stock=1200).stock_items.get()
    form = {"stock_item": item.pk, "seen": "1200", "quantity": "7", **changed}

    answer = staff(OPERATOR).post(reverse(STOCK), form, follow=True)

    assert said in answer.content.decode()
    item.refresh_from_db()
    assert item.quantity == 1200


def test_a_disabled_product_is_put_to_use_again(staff: Staff) -> None:
    here = shop()
    jam = here.sku("JAM", disabled_at="2020-01-01T00:00Z")
    copy = copied(order_with(here, Line(jam)))
    client = staff(OPERATOR)

    client.post(reverse(ENABLE), {"sku": jam.pk})

    (group,) = client.get(reverse(ERRORS)).context["groups"]
    assert group.mended
    retry_copies([copy.pk], who=TESTER)
    assert run([copy])[0].status == FactoryStatus.COMPLETED


def test_who_may_only_look_mends_nothing_and_get_changes_nothing(staff: Staff) -> None:
    here = shop()
    jam = here.sku("JAM", stock=1, disabled_at="2020-01-01T00:00Z")
    form = {"stock_item": jam.stock_items.get().pk, "seen": "1", "quantity": "7", "sku": jam.pk}
    viewer, operator = staff(VIEWER), staff(OPERATOR)

    for address in (reverse(STOCK), reverse(ENABLE)):
        assert viewer.post(address, form).status_code == 403
        assert operator.get(address, form).status_code == 405
        assert operator.post(address, {**form, "_mode": "live"}).status_code == 409
    jam.refresh_from_db()
    assert (jam.disabled_at is None, jam.stock_items.get().quantity) == (False, 1)


def test_live_stock_is_not_touched_from_test(staff: Staff) -> None:
    mug = shop("live").sku("MUG", stock=1, disabled_at="2020-01-01T00:00Z")
    form = {"stock_item": mug.stock_items.get().pk, "seen": "1", "quantity": "7", "sku": mug.pk}
    operator = staff(OPERATOR, mode="test")

    operator.post(reverse(STOCK), form)
    operator.post(reverse(ENABLE), form)

    mug.refresh_from_db()
    assert (mug.disabled_at is None, mug.stock_items.get().quantity) == (False, 1)
