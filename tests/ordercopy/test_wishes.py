"""One wish comes to one order, whichever of its copies is tried again or made again."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from ordercopy.causes import causes_of
from ordercopy.choosing import CopyFilter, choose_copies
from ordercopy.copies import Answer, delete_copies, retry_copies
from ordercopy.deeds import Deed, Reason, prospect_of
from ordercopy.making_again import make_again
from ordercopy.models import FactoryStatus, OrderCopy, OrderOfWish
from ordercopy.scope import CopyScope
from orders import lifecycle
from orders.models import StockItem
from tests.api_client import ApiClient, refused
from tests.copying import copied, run, target_of
from tests.factories import TESTER, Line, order_with, shop
from tests.orders.test_races import at_once

pytestmark = pytest.mark.django_db


def failed_twice(**options: Any) -> tuple[OrderCopy, OrderCopy]:
    """A copy that failed, and the one that it was made again as, which failed as well."""
    here = shop()
    source = order_with(here, Line(here.sku(stock=0)), billing_address=None)
    first = copied(source, **options)
    (again,) = make_again([first.pk], who=TESTER, wake=False).done
    (second,) = run([OrderCopy.objects.get(pk=again)])
    return first, second


def with_a_kept_target() -> tuple[OrderCopy, OrderCopy]:
    """Two such copies, of which the first one kept a target that lacks an address."""
    first, second = failed_twice(place_target_order=True)
    StockItem.objects.update(quantity=5)
    retry(first)
    return run([first])[0], second


def retry(copy: OrderCopy) -> Answer:
    return retry_copies([copy.pk], who=TESTER, wake=False)


def again(copy: OrderCopy) -> Answer:
    return make_again([copy.pk], who=TESTER, wake=False)


ACTS = [retry, again]


@pytest.mark.parametrize("second_act", ACTS)
@pytest.mark.parametrize("first_act", ACTS)
def test_of_two_failed_copies_of_a_wish_only_one_is_gone_on_with(
    first_act: Callable[[OrderCopy], Answer], second_act: Callable[[OrderCopy], Answer]
) -> None:
    first, second = failed_twice()

    (going_on,) = first_act(second).done

    answer = second_act(first)
    assert (answer.done, answer.refused) == (
        [],
        {first.pk: f"its order comes from the copy {going_on}"},
    )


def test_of_several_that_are_retried_together_the_first_goes_on() -> None:
    first, second = failed_twice()

    answer = retry_copies([second.pk, first.pk], who=TESTER, wake=False)

    assert answer.done == [second.pk]
    assert answer.refused == {first.pk: f"its order comes from the copy {second.pk}"}


def test_what_came_to_nothing_leaves_the_wish_to_the_others() -> None:
    first, second = failed_twice()
    retry(second)
    run([second])
    StockItem.objects.update(quantity=1)

    retry(first)

    assert run([first])[0].status == FactoryStatus.COMPLETED
    assert list(retry(second).refused) == [second.pk]


def test_a_target_that_another_copy_kept_cannot_be_placed_besides() -> None:
    first, second = with_a_kept_target()
    assert target_of(first).status == "pending"

    assert retry(second).done == [second.pk]

    assert target_of(OrderCopy.objects.get(pk=first.pk)).status == "cancelled"


def test_a_target_that_was_placed_by_hand_is_the_order() -> None:
    first, second = with_a_kept_target()
    target = target_of(first)
    target.billing_address = target.shipping_address
    target.save()
    assert lifecycle.place([target.pk], who=TESTER).done

    assert retry(second).refused == {second.pk: f"its order comes from the copy {first.pk}"}
    assert list(again(second).refused) == [second.pk]
    assert retry(first).done == [first.pk]


def test_the_wish_outlives_the_copy_that_it_began_with() -> None:
    first, second = failed_twice()
    (third,) = again(second).done
    delete_copies([first.pk], who=TESTER)

    assert retry(second).refused == {second.pk: f"its order comes from the copy {third}"}


@pytest.mark.parametrize("act", ACTS)
def test_the_order_outlives_the_copy_that_made_it(act: Callable[[OrderCopy], Answer]) -> None:
    first, second = failed_twice()
    StockItem.objects.update(quantity=5)
    retry(second)
    order = target_of(run([second])[0])
    delete_copies([second.pk], who=TESTER)

    assert act(first).refused == {
        first.pk: f"its order comes from the copy that was deleted, and is {order.pk}"
    }
    failed = OrderCopy.objects.all()
    assert prospect_of(Deed.RETRY, failed).against == {Reason.MADE_AGAIN: 1}
    assert choose_copies(CopyFilter(skips_made_again=True), mode="test").count() == 0
    assert causes_of(CopyScope(mode="test", skips_made_again=True)).causes == []


def test_a_target_that_a_deleted_copy_kept_cannot_be_placed_besides() -> None:
    first, second = with_a_kept_target()
    target = target_of(first)
    delete_copies([first.pk], who=TESTER)

    assert retry(second).done == [second.pk]

    target.refresh_from_db()
    assert target.status == "cancelled"


def test_a_target_placed_by_hand_outlives_its_copy() -> None:
    first, second = with_a_kept_target()
    target = target_of(first)
    delete_copies([first.pk], who=TESTER)
    target.billing_address = target.shipping_address
    target.save()
    assert lifecycle.place([target.pk], who=TESTER).done

    assert list(retry(second).refused) == [second.pk]


def test_nothing_is_kept_of_a_wish_without_copies() -> None:
    first, second = with_a_kept_target()
    delete_copies([first.pk], who=TESTER)
    assert OrderOfWish.objects.count() == 1

    delete_copies([second.pk], who=TESTER)

    assert not OrderOfWish.objects.exists()


def test_the_database_refuses_two_copies_of_a_wish_at_a_time() -> None:
    first, second = failed_twice()
    retry(first)

    with pytest.raises(IntegrityError, match="one_copy_at_a_time_per_wish"):
        OrderCopy.objects.filter(pk=second.pk).update(status=FactoryStatus.PENDING)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_one_of_two_goes_on() -> None:
    for _ in range(3):
        first, second = failed_twice()
        answers = at_once(*(partial(act, copy) for copy in (first, second) for act in ACTS))

        assert sum(len(answer.done) for answer in answers) == 1
        assert OrderCopy.objects.filter(wish=first.pk, status=FactoryStatus.PENDING).count() == 1


def test_the_api_says_which_copy_the_order_comes_from() -> None:
    first, second = failed_twice()
    api = ApiClient()
    assert api.update("order_copies", second.pk, {"_retry": True}).status_code == 200

    answer = api.update("order_copies", first.pk, {"_retry": True})

    assert refused(answer) == (
        "/data/attributes/status",
        f"its order comes from the copy {second.pk}",
    )
