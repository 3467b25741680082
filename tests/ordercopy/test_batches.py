"""Many copies asked for together are followed, stopped, tried again and undone together."""

from typing import Any

import pytest

from ordercopy import undo_requests
from ordercopy.batch_progress import progress_of
from ordercopy.batches import (
    abort_batch,
    retry_failed,
)
from ordercopy.copies import SourcesNotFound, retry_copies
from ordercopy.engine.claiming import claim
from ordercopy.engine.running import run_claimed
from ordercopy.models import FactoryStatus, OrderCopy, OrderCopyBatch
from ordercopy.undo_requests import undo_now
from ordercopy.working import do_all_that_waits
from orders import lifecycle
from orders.models import EventStore, Order, StockItem
from tests.copying import batch_of, copied, target_of
from tests.copying import run_batch as run
from tests.factories import TESTER, Line, order_with, shop

pytestmark = pytest.mark.django_db


def counts_of(batch: OrderCopyBatch) -> dict[str, int]:
    return progress_of([batch.pk])[batch.pk].counts


def test_its_copies_have_its_options_and_run_in_the_order_asked_for() -> None:
    here = shop()
    tea = here.sku(stock=5)
    sources = [order_with(here, Line(tea, 3)) for _ in range(3)]

    batch = batch_of(*reversed(sources), place_target_order=True)
    run(batch)

    copies = batch.order_copies.order_by("sequence")
    assert [copy.source_order for copy in copies] == sources[::-1]
    assert [copy.status for copy in copies] == ["completed", "failed", "failed"]
    assert batch.total_count == 3


def test_its_progress_is_counted_from_its_copies() -> None:
    here = shop()
    batch = batch_of(order_with(here, Line(here.sku())), order_with(here, Line(here.sku(stock=0))))
    assert progress_of([batch.pk])[batch.pk].open == 2

    run(batch)

    assert counts_of(batch) == {"completed": 1, "failed": 1}
    assert progress_of([batch.pk])[batch.pk].open == 0


def test_one_unknown_source_and_nothing_is_created() -> None:
    here = shop()
    known = order_with(here, Line(here.sku()))
    live = order_with(there := shop("live"), Line(there.sku()))

    with pytest.raises(SourcesNotFound, match=live.pk):
        batch_of(known, live)

    assert not OrderCopyBatch.objects.exists()
    assert not OrderCopy.objects.exists()


def test_aborting_stops_what_waits() -> None:
    here = shop()
    batch = batch_of(*[order_with(here, Line(here.sku())) for _ in range(3)])

    abort_batch(batch, who=TESTER)
    run(batch)

    assert counts_of(batch) == {"aborted": 3}
    assert Order.objects.count() == 3


def test_the_failed_ones_can_be_tried_again() -> None:
    here = shop()
    batch = batch_of(order_with(here, Line(here.sku())), order_with(here, Line(here.sku(stock=0))))
    run(batch)
    StockItem.objects.update(quantity=1)

    assert len(retry_failed(batch, who=TESTER, wake=False).done) == 1
    run(batch)

    assert counts_of(batch) == {"completed": 2}


class TestARequestSentTwice:
    def test_makes_one_batch(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()))

        first = batch_of(source, request_key="pressed once")
        second = batch_of(source, request_key="pressed once")
        other = batch_of(source, request_key="pressed again")

        assert (first, OrderCopyBatch.objects.count()) == (second, 2)
        assert {copy.batch for copy in OrderCopy.objects.all()} == {first, other}
        assert OrderCopy.objects.count() == 2


def undo(batch: OrderCopyBatch) -> dict[str, Any]:
    assert undo_now(batch, who=TESTER)
    return batch.undo_report or {}


class TestUndoing:
    def test_pending_targets_are_deleted(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku(), options=[100]), shipping_cost=500)
        batch = batch_of(source)
        run(batch)

        undone = undo(batch)

        assert undone["deleted_count"] == 1
        assert list(Order.objects.all()) == [source]
        assert counts_of(batch) == {"aborted": 1}

    def test_placed_targets_are_cancelled_and_their_stock_is_given_back(self) -> None:
        here = shop()
        batch = batch_of(order_with(here, Line(here.sku(stock=5), 2)), place_target_order=True)
        run(batch)

        undone = undo(batch)

        assert undone["cancelled_count"] == 1
        assert target_of(batch.order_copies.get()).status == "cancelled"
        assert StockItem.objects.get().quantity == 5

    def test_paid_targets_are_reported(self) -> None:
        here = shop()
        batch = batch_of(order_with(here, Line(here.sku())), place_target_order=True)
        run(batch)
        target = target_of(batch.order_copies.get())
        lifecycle.approve_and_capture([target.pk], who=TESTER)

        (left,) = undo(batch)["left"]

        copy = batch.order_copies.get()
        assert (left["code"], left["order_copy_ids"]) == ("invalid_transition", [copy.pk])
        assert counts_of(batch) == {"completed": 1}

    def test_what_waits_is_aborted(self) -> None:
        here = shop()
        batch = batch_of(order_with(here, Line(here.sku())))

        assert undo(batch)["aborted_count"] == 1

    def test_a_target_that_was_copied_further_is_cancelled_and_not_deleted(self) -> None:
        here = shop()
        batch = batch_of(order_with(here, Line(here.sku())))
        run(batch)
        target = target_of(batch.order_copies.get())
        copied(target)

        undo(batch)

        target.refresh_from_db()
        assert target.status == "cancelled"

    def test_twice_is_as_good_as_once(self) -> None:
        here = shop()
        batch = batch_of(
            order_with(here, Line(here.sku())), order_with(here, Line(here.sku(stock=0)))
        )
        run(batch)
        undo(batch)

        again = undo(batch)

        assert {again[f"{deed}_count"] for deed in ("deleted", "cancelled", "aborted")} == {0}
        assert counts_of(batch) == {"aborted": 1, "failed": 1}

    def test_what_was_undone_can_be_copied_again(self) -> None:
        here = shop()
        batch = batch_of(order_with(here, Line(here.sku())))
        run(batch)
        undo(batch)
        copy = batch.order_copies.get()
        assert copy.status == FactoryStatus.ABORTED

        retry_copies([copy.pk], who=TESTER, wake=False)
        run(batch)

        assert counts_of(batch) == {"completed": 1}


class TestUndoingByWorkers:
    """Asked for at once, done a few copies at a time, and as if it were done in one go."""

    @pytest.fixture(autouse=True)
    def _two_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(undo_requests, "UNDO_CHUNK", 2)

    def test_whoever_takes_over_goes_on_where_another_stopped(self) -> None:
        here = shop()
        batch = batch_of(*(order_with(here, Line(here.sku())) for _ in range(5)))
        run(batch)
        paid = target_of(batch.order_copies.order_by("sequence")[0])
        lifecycle.place([paid.pk], who=TESTER)
        lifecycle.approve_and_capture([paid.pk], who=TESTER)
        undo_requests.ask_to_undo(batch, who=TESTER)

        first = undo_requests.undo_as_asked()
        next(first)
        first.close()
        batch.refresh_from_db()
        assert batch.undo_report["deleted_count"] == 1
        assert batch.undone_at is None
        do_all_that_waits()

        batch.refresh_from_db()
        assert batch.undo_report["deleted_count"] == 4
        assert [each["count"] for each in batch.undo_report["left"]] == [1]
        assert batch.undone_at is not None
        assert batch.undo_requested_at is None
        assert counts_of(batch) == {"completed": 1, "aborted": 4}
        trail = EventStore.objects.filter(resource_id=batch.pk, payload__has_key="undone_at")
        assert trail.order_by("-created_at")[0].who == TESTER.as_json()

    def test_reasons_of_all_parts_are_told_together(self) -> None:
        here = shop()
        batch = batch_of(
            *(order_with(here, Line(here.sku())) for _ in range(3)), place_target_order=True
        )
        run(batch)
        targets = [target_of(copy).pk for copy in batch.order_copies.all()]
        lifecycle.approve_and_capture(targets, who=TESTER)

        undo_requests.ask_to_undo(batch, who=TESTER)
        do_all_that_waits()

        batch.refresh_from_db()
        (left,) = batch.undo_report["left"]
        assert left["count"] == len(left["order_copy_ids"]) == 3

    def test_copies_that_are_being_made_end_first(self) -> None:
        here = shop()
        batch = batch_of(*(order_with(here, Line(here.sku())) for _ in range(2)))
        claimed = claim(worker="tester", limit=2, batch_id=batch.pk)

        undo_requests.ask_to_undo(batch, who=TESTER)
        assert list(undo_requests.undo_as_asked()) == []
        run_claimed(claimed, worker="tester")
        do_all_that_waits()

        assert counts_of(batch) == {"aborted": 2}
