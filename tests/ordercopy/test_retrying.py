"""Failed copies can be mended and tried again, and never make a second target."""

import pytest

from ordercopy.copies import abort_copies, delete_copies, errors_log, retry_copies
from ordercopy.making_again import make_again
from ordercopy.models import CopyAttempt, FactoryStatus, OrderCopy
from ordercopy.options import CopyOptions
from orders import lifecycle
from orders.models import EventStore, Order, StockItem
from orders.statements import observed
from tests.copying import asked_for, copied, messages_of, run, target_of
from tests.factories import TESTER, Line, order_with, shop

pytestmark = pytest.mark.django_db


def retried(copy: OrderCopy) -> OrderCopy:
    answer = retry_copies([copy.pk], who=TESTER, wake=False)
    assert answer.done == [copy.pk]
    return run([copy])[0]


def failed_in_placing() -> OrderCopy:
    """A copy whose target was kept because it lacks a billing address."""
    here = shop()
    source = order_with(here, Line(here.sku("TEA", stock=5), 2), billing_address=None)
    return copied(source, place_target_order=True)


def give_an_address(order: Order) -> None:
    order.billing_address = order.shipping_address
    order.save()


def test_a_copy_that_failed_for_stock_completes_once_there_is_some() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku("TEA", stock=0))))
    StockItem.objects.update(quantity=1)

    copy = retried(copy)

    assert copy.status == FactoryStatus.COMPLETED
    assert errors_log(copy) == {}
    assert copy.attempt == 2


def test_every_attempt_is_kept_with_its_errors() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku("TEA", stock=0))))

    copy = retried(copy)

    attempts = CopyAttempt.objects.filter(factory=copy).order_by("number")
    assert [(a.number, a.status, a.errors_count) for a in attempts] == [
        (1, "failed", 1),
        (2, "failed", 1),
    ]
    assert copy.error_rows.count() == 2
    assert copy.errors_count == 1


def test_a_kept_target_that_was_mended_is_placed() -> None:
    copy = failed_in_placing()
    target = target_of(copy)
    give_an_address(target)

    copy = retried(copy)

    assert copy.status == FactoryStatus.COMPLETED
    assert copy.target_order == target
    target.refresh_from_db()
    assert target.status == "placed"
    assert Order.objects.count() == 2


def test_a_kept_target_that_a_person_placed_completes_the_copy() -> None:
    copy = failed_in_placing()
    give_an_address(target_of(copy))
    lifecycle.place([target_of(copy).pk], who=TESTER)

    copy = retried(copy)

    assert copy.status == FactoryStatus.COMPLETED
    assert StockItem.objects.get().quantity == 3


def test_a_kept_target_that_was_cancelled_is_replaced() -> None:
    copy = failed_in_placing()
    old = target_of(copy)
    lifecycle.cancel([old.pk], who=TESTER)
    give_an_address(copy.source_order)

    copy = retried(copy)

    assert copy.status == FactoryStatus.COMPLETED
    assert target_of(copy) != old


def test_a_kept_target_is_checked_as_it_stands_now() -> None:
    copy = failed_in_placing()
    give_an_address(target_of(copy))
    StockItem.objects.update(quantity=1)

    copy = retried(copy)

    assert messages_of(copy) == ["TEA is out of stock (2 requested, 1 available)"]
    assert target_of(copy).status == "pending"


def test_a_kept_target_loses_what_its_copy_may_leave_out() -> None:
    here = shop()
    tea, mug = here.sku("TEA", price=300, stock=5), here.sku("MUG", stock=5)
    source = order_with(here, Line(tea), Line(mug), billing_address=None)
    copy = copied(source, place_target_order=True, cancel_source_order=True)
    OrderCopy.objects.filter(pk=copy.pk).update(skip_errors=True)
    give_an_address(target_of(copy))
    StockItem.objects.filter(sku=mug).update(quantity=0)

    copy = retried(copy)

    assert copy.status == FactoryStatus.COMPLETED
    assert messages_of(copy) == ["MUG is out of stock (1 requested, 0 available)"]
    target = target_of(copy)
    assert (target.status, target.total_amount_cents) == ("placed", 300)


def test_the_source_is_cancelled_when_a_retry_succeeds() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), billing_address=None)
    copy = copied(source, place_target_order=True, cancel_source_order=True)
    give_an_address(target_of(copy))

    retried(copy)

    source.refresh_from_db()
    assert source.status == "cancelled"


@pytest.mark.parametrize("status", ["pending", "completed"])
def test_only_what_failed_or_was_aborted_can_be_retried(status: str) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    copy = copied(source) if status == "completed" else asked_for(source)[0]

    answer = retry_copies([copy.pk], who=TESTER)

    assert answer.refused == {copy.pk: status}


def test_an_aborted_copy_is_not_run_and_can_be_retried() -> None:
    here = shop()
    (copy,) = asked_for(order_with(here, Line(here.sku())))

    assert abort_copies([copy.pk], who=TESTER).done == [copy.pk]
    (copy,) = run([copy])

    assert (copy.status, copy.target_order) == (FactoryStatus.ABORTED, None)
    assert retried(copy).status == FactoryStatus.COMPLETED


def test_what_nobody_knows_is_named() -> None:
    assert abort_copies(["nosuchcopy"], who=TESTER).unknown == ["nosuchcopy"]


class TestAgainLeavingOutWhatFails:
    def test_is_a_new_copy_linked_to_the_old_one(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku("TEA")), Line(here.sku("MUG", stock=0)))
        failed = copied(source, reuse_wallet=False, cancel_source_order=True)
        OrderCopy.objects.update(metadata={"why": "renewal"})

        (new_id,) = make_again([failed.pk], who=TESTER, wake=False).done
        (again,) = run([OrderCopy.objects.get(pk=new_id)])

        assert again.status == FactoryStatus.COMPLETED
        assert again.again_of == failed
        assert [line.sku_code for line in target_of(again).line_items.all()] == ["TEA"]
        asked = CopyOptions(reuse_wallet=False, cancel_source_order=True, skip_errors=True)
        assert (CopyOptions.of(again), again.metadata) == (asked, {"why": "renewal"})

    def test_many_are_made_again_in_the_statements_of_one(self) -> None:
        here = shop()
        gone = here.sku(stock=0)
        copies = asked_for(*(order_with(here, Line(here.sku()), Line(gone)) for _ in range(5)))
        one, *others = run(copies)

        with observed((few := []).append):
            make_again([one.pk], who=TESTER, wake=False)
        with observed((many := []).append):
            answer = make_again([copy.pk for copy in others], who=TESTER, wake=False)

        assert many == few
        made = OrderCopy.objects.in_bulk(answer.done)
        assert [made[pk].again_of_id for pk in answer.done] == [copy.pk for copy in others]

    def test_cancels_a_kept_target_first(self) -> None:
        failed = failed_in_placing()

        make_again([failed.pk], who=TESTER, wake=False)

        assert target_of(OrderCopy.objects.get(pk=failed.pk)).status == "cancelled"

    def test_but_does_not_double_what_a_person_has_placed(self) -> None:
        failed = failed_in_placing()
        target = target_of(failed)
        give_an_address(target)
        assert lifecycle.place([target.pk], who=TESTER).done

        answer = make_again([failed.pk], who=TESTER, wake=False)

        assert answer.refused == {failed.pk: "its target was placed"}
        target.refresh_from_db()
        assert target.status == "placed"
        assert retried(failed).status == FactoryStatus.COMPLETED

    def test_asking_twice_does_not_make_two_orders(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), Line(here.sku(stock=0)))
        failed = copied(source)

        answer = make_again([failed.pk, failed.pk], who=TESTER, wake=False)
        again = make_again([failed.pk], who=TESTER, wake=False)

        (new_id,) = answer.done
        assert (again.done, again.refused) == (
            [],
            {failed.pk: f"its order comes from the copy {new_id}"},
        )

    def test_is_for_failed_copies_only(self) -> None:
        here = shop()
        completed = copied(order_with(here, Line(here.sku())))

        answer = make_again([completed.pk, "nosuchcopy"], who=TESTER)

        assert answer.refused == {completed.pk: "completed"}
        assert answer.unknown == ["nosuchcopy"]


class TestDeleting:
    def test_the_target_stays_and_knows_where_it_came_from(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()))
        copy = copied(source)
        target = target_of(copy)

        assert delete_copies([copy.pk], who=TESTER).done == [copy.pk]

        assert not OrderCopy.objects.exists()
        target.refresh_from_db()
        assert target.copied_from == source
        assert EventStore.objects.filter(resource_id=copy.pk, event="destroy").exists()

    def test_a_copy_in_progress_is_locked(self) -> None:
        here = shop()
        (copy,) = asked_for(order_with(here, Line(here.sku())))
        OrderCopy.objects.filter(pk=copy.pk).update(
            status="in_progress",
            started_at="2030-01-01T00:00Z",
            claimed_pid=1,
            claimed_at="2030-01-01T00:00Z",
        )

        assert delete_copies([copy.pk], who=TESTER).locked == [copy.pk]
