"""`copy_orders` copies many orders as one batch, each once, in the order they were placed."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ordercopy.models import OrderCopy, OrderCopyBatch, OrderFactory
from orders.models import Market, Order, Tag
from tests.copying import copied, target_of
from tests.factories import Line, Shop, approved_order, cancelled_order, order_with, placed_order
from tests.factories import shop as new_shop
from tests.ordercopy.commands.running import manage, manage_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Shop:
    return new_shop()


def an_order(here: Shop, number: str, **fields: Any) -> Order:
    return order_with(here, Line(here.sku()), number=number, **fields)


def copied_numbers() -> list[str]:
    """The numbers of the sources, in the order in which their copies were asked for."""
    copies = OrderCopy.objects.order_by("sequence")
    return list(copies.values_list("source_order__number", flat=True))


def chosen_by(*arguments: str) -> set[str]:
    """Which orders are copied, by number."""
    ran = manage("copy_orders", *arguments, "--yes")
    assert not ran.error
    return set(copied_numbers())


def test_all_means_every_order_that_was_not_made_by_a_copy(here: Shop) -> None:
    cancelled_order(here, number="1")
    an_order(here, "2")
    target_of(copied(an_order(here, "3")))
    OrderFactory.objects.all().delete()  # the order still says where it comes from

    assert chosen_by("--all") == {"1", "2", "3"}
    assert manage_json("copy_orders", "--all", "--yes")["completed"] == 3


def test_copies_are_taken_too_where_that_is_said(here: Shop) -> None:
    made = target_of(copied(an_order(here, "1")))

    assert manage_json("copy_orders", "--all", "--include-copies", "--yes")["completed"] == 2
    assert made.copied_to.exists()


def test_the_results_are_one_json_document(here: Shop) -> None:
    tea = here.sku("TEA", stock=2, price=300)
    for number in "123":
        order_with(here, Line(tea, 1), number=number)
    order_with(here, Line(tea, 5), Line(here.sku("JAM", disabled_at=datetime.now(UTC))), number="4")

    ran = manage("copy_orders", "--all", "--yes", "--json")

    document = ran.document
    assert ran.code == 1
    assert document["mode"] == "test"
    assert (document["completed"], document["failed"], document["aborted"]) == (3, 1, 0)
    assert document["target_total_cents"] == 900
    assert document["seconds"] >= 0
    assert [
        (error["cause"], error["count"], error["examples"]) for error in document["errors"]
    ] == [("TEA is out of stock", 1, ["4"]), ("JAM is disabled", 1, ["4"])]


def test_totals_in_several_currencies_have_no_sum(here: Shop) -> None:
    an_order(here, "1")
    an_order(new_shop(currency="KWD"), "2")

    document = manage_json("copy_orders", "--all", "--yes")

    assert document["target_total_cents"] is None
    assert document["target_totals_cents"] == {"EUR": 1000, "KWD": 1000}
    assert "€10,00 and KWD" in manage("copy_orders", "--resume", document["batch_id"]).out


def test_it_takes_orders_as_they_were_placed_then_by_number(here: Shop) -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    an_order(here, "never")
    for number, placed_at in (("b", day.replace(day=2)), ("c", day), ("a", day.replace(day=2))):
        placed_order(here, number=number)
        Order.objects.filter(number=number).update(placed_at=placed_at)

    manage("copy_orders", "--all", "--yes")

    assert copied_numbers() == ["c", "a", "b", "never"]


def test_all_copies_are_one_batch_with_the_options_of_one(here: Shop) -> None:
    an_order(here, "1")
    an_order(here, "2")

    manage("copy_orders", "--all", "--yes", "--place-target-order", "--reference", "spring")

    batch = OrderCopyBatch.objects.get()
    assert batch.total_count == 2
    assert batch.place_target_order
    assert batch.reference == "spring"
    assert {copy.batch for copy in OrderCopy.objects.all()} == {batch}
    assert Order.objects.filter(status="placed").count() == 2


class TestFilters:
    def test_by_status_any_of_several(self, here: Shop) -> None:
        an_order(here, "1")
        placed_order(here, number="2")
        approved_order(here, number="3")

        assert chosen_by("--status", "placed", "--status", "approved") == {"2", "3"}

    def test_by_market_name_or_code(self, here: Shop) -> None:
        Market.objects.filter(pk=here.market.pk).update(code="EU")
        an_order(here, "1")
        other = new_shop()
        an_order(other, "2")
        an_order(new_shop(), "3")

        assert chosen_by("--market", "EU", "--market", other.market.name) == {"1", "2"}

    def test_by_the_time_of_placing_the_end_excluded(self, here: Shop) -> None:
        for day in (1, 2, 3):
            placed_order(here, number=str(day))
            placed_at = datetime(2026, 1, day, tzinfo=UTC)
            Order.objects.filter(number=str(day)).update(placed_at=placed_at)
        period = ("--placed-after", "2026-01-01T01:00+01:00", "--placed-before", "2026-01-03")

        assert chosen_by(*period) == {"1", "2"}

    def test_by_sku_even_one_that_only_lines_remember(self, here: Shop) -> None:
        tea = here.sku("TEA")
        order_with(here, Line(tea), number="1")
        gone = here.sku("GONE")
        order_with(here, Line(gone), Line(here.sku()), number="2")
        gone.prices.all().delete()
        gone.stock_items.all().delete()
        gone.delete()
        an_order(here, "3")

        chosen_by("--sku", "TEA", "--sku", "GONE", "--skip-errors")
        assert set(copied_numbers()) == {"1", "2"}

    def test_by_customer_whatever_the_capitals(self, here: Shop) -> None:
        an_order(here, "1")
        an_order(here, "2", customer=here.customer("bob@example.com"))

        assert chosen_by("--customer", "BOB@example.com") == {"2"}

    def test_by_tag(self, here: Shop) -> None:
        tag = Tag.objects.create(mode="test", name="gift")
        an_order(here, "1").tags.add(tag)
        an_order(here, "2")

        assert chosen_by("--tag", "gift") == {"1"}

    def test_together_they_narrow_the_choice(self, here: Shop) -> None:
        placed_order(here, number="1")
        an_order(here, "2")

        assert chosen_by("--market", here.market.name, "--status", "placed") == {"1"}

    @pytest.mark.parametrize(
        ("option", "what"),
        [("--market", "market"), ("--sku", "SKU"), ("--customer", "customer"), ("--tag", "tag")],
    )
    def test_what_does_not_exist_in_the_mode_is_refused(self, option: str, what: str) -> None:
        new_shop("live")

        ran = manage("copy_orders", option, "Öl", "--yes")

        assert (ran.code, f"There is no {what} Öl in test" in ran.error) == (1, True)

    def test_nothing_like_that_is_no_failure(self, here: Shop) -> None:
        ran = manage("copy_orders", "--status", "placed", "--yes", "--json")

        assert ran.code == 0
        assert (ran.document["completed"], ran.document["failed"]) == (0, 0)
        assert not OrderCopyBatch.objects.exists()


class TestFile:
    def file(self, folder: Path, content: bytes) -> str:
        path = folder / "numbers ü.txt"
        path.write_bytes(content)
        return str(path)

    def test_it_is_read_however_it_was_saved(self, here: Shop, tmp_path: Path) -> None:
        by_id = an_order(here, "1")
        an_order(here, "2")
        an_order(here, "Ä-3")
        content = f"\ufeff\r\n{by_id.pk}\r\n# a remark\r\n#2\r\n\r\n  Ä-3  \r\n2\r\n"

        ran = manage("copy_orders", "--file", self.file(tmp_path, content.encode()), "--yes")

        assert sorted(copied_numbers()) == ["1", "2", "Ä-3"]
        assert "Named more than once, copied once: 2." in ran.out

    def test_if_a_name_is_unknown_all_such_are_named_and_nothing_starts(
        self, here: Shop, tmp_path: Path
    ) -> None:
        an_order(here, "1")
        an_order(new_shop("live"), "77")

        ran = manage("copy_orders", "--file", self.file(tmp_path, b"1\n77\n99\n"), "--yes")

        assert ran.code == 1
        assert "There are no orders 77, 99 in test." in ran.error
        assert "77 is in the other mode" in ran.error
        assert not OrderFactory.objects.exists()

    def test_copies_are_taken_as_they_are_named(self, here: Shop, tmp_path: Path) -> None:
        made = target_of(copied(an_order(here, "1")))

        manage("copy_orders", "--file", self.file(tmp_path, made.pk.encode()), "--yes")

        assert made.copied_to.count() == 1

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            (b"", "names no orders"),
            (b"\n# nothing\n", "names no orders"),
            ("1\n".encode("utf-16"), "is not UTF-8 text"),
        ],
    )
    def test_one_that_cannot_be_read_is_refused(
        self, tmp_path: Path, content: bytes, complaint: str
    ) -> None:
        ran = manage("copy_orders", "--file", self.file(tmp_path, content), "--yes")

        assert complaint in ran.error

    def test_one_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        ran = manage("copy_orders", "--file", str(tmp_path / "none"), "--yes")
        assert "No such file" in ran.error
        assert "directory" in manage("copy_orders", "--file", str(tmp_path), "--yes").error


class TestAsking:
    @pytest.fixture
    def answer(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))

    def test_it_shows_the_count_and_the_mode_before_it_starts(
        self, here: Shop, answer: Any
    ) -> None:
        an_order(here, "1")
        answer("y\n")

        ran = manage("copy_orders", "--all", "--json")

        assert "Copy 1 order in test?" in ran.err
        assert ran.document["completed"] == 1

    @pytest.mark.parametrize("said", ["n\n", "\n", "", "maybe\n"])
    def test_without_a_clear_yes_nothing_starts(self, here: Shop, answer: Any, said: str) -> None:
        an_order(here, "1")
        answer(said)

        ran = manage("copy_orders", "--all")

        assert (ran.code, "othing was done" in ran.error) == (1, True)
        assert not OrderFactory.objects.exists()

    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("--all", "--status", "placed"),
            ("--all", "--file", "x"),
            ("--file", "-"),
            ("--resume", "aB3dE6gH9k", "--all"),
            ("--resume", "aB3dE6gH9k"),
            ("--placed-after", "soon"),
            ("--limit", "0"),
            ("--status", "lost"),
        ],
    )
    def test_what_cannot_be_meant_is_refused_in_one_line(self, arguments: tuple[str]) -> None:
        ran = manage("copy_orders", *arguments)

        assert ran.code
        assert ran.error
        assert "\n" not in ran.error
        assert ran.out == ""


def test_one_world_of_data_never_touches_the_other(here: Shop) -> None:
    an_order(here, "1")
    live = new_shop("live")
    an_order(live, "1")
    an_order(live, "2")

    assert manage_json("copy_orders", "--all", "--yes", "--mode", "live")["completed"] == 2
    assert not Order.objects.filter(mode="test").exclude(copied_from=None).exists()
    assert set(OrderFactory.objects.values_list("mode", flat=True)) == {"live"}


def test_enqueued_copies_wait_for_the_workers(here: Shop) -> None:
    an_order(here, "1")

    document = manage_json("copy_orders", "--all", "--yes", "--enqueue")

    assert document["enqueued"] == 1
    assert OrderCopy.objects.get().status == "pending"


def test_a_batch_is_resumed_and_its_results_are_those_of_all(here: Shop) -> None:
    an_order(here, "1")
    batch_id = manage_json("copy_orders", "--all", "--yes", "--enqueue")["batch_id"]

    assert manage_json("copy_orders", "--resume", batch_id)["completed"] == 1
    assert manage_json("copy_orders", "--resume", batch_id)["completed"] == 1
    assert Order.objects.count() == 2


def test_a_limit_takes_the_first_ones(here: Shop) -> None:
    for number in "321":
        an_order(here, number)

    assert chosen_by("--all", "--limit", "2") == {"1", "2"}
