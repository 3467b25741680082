"""Errors are grouped by their cause, read from rows and never from text."""

import pytest

from ordercopy.causes import causes_of
from ordercopy.models import FactoryStatus
from ordercopy.scope import CopyScope
from orders.statements import observed
from tests.copying import copied
from tests.factories import Line, order_with, shop
from tests.ordercopy.commands.running import manage

pytestmark = pytest.mark.django_db


def test_copies_with_different_figures_share_a_cause_with_three_examples() -> None:
    here = shop()
    tea = here.sku("TEA", stock=1)
    copies = [copied(order_with(here, Line(tea, 2 + nth), number=str(nth))) for nth in range(5)]

    (cause,) = causes_of(CopyScope(copy_ids=[copy.pk for copy in copies])).causes

    assert (cause.cause, cause.copies, cause.failed) == ("TEA is out of stock", 5, 5)
    assert cause.examples == ["0", "1", "2"]


def test_a_copy_counts_once_however_many_of_its_lines_meet_a_cause() -> None:
    here = shop()
    tea = here.sku("TEA", disabled_at="2020-01-01T00:00Z")
    jam = here.sku("JAM", disabled_at="2020-01-01T00:00Z")
    copied(order_with(here, Line(tea), Line(tea), Line(jam)))

    found = causes_of(CopyScope(mode="test"))

    assert {cause.cause: cause.copies for cause in found.causes} == {
        "TEA is disabled": 1,
        "JAM is disabled": 1,
    }
    assert [(kind.cause, kind.copies) for kind in found.kinds] == [("Product is disabled", 1)]


def test_the_most_frequent_comes_first() -> None:
    here = shop()
    tea, jam = here.sku("TEA", stock=0), here.sku("JAM", stock=0)
    for lines in ([Line(jam)], [Line(tea)], [Line(tea)]):
        copied(order_with(here, *lines))

    causes = causes_of(CopyScope(mode="test")).causes

    assert [cause.sku_code for cause in causes] == ["TEA", "JAM"]


def test_other_causes_say_what_is_the_matter() -> None:
    here = shop()
    copied(order_with(here, Line(here.sku()), coupon_code="SPRING"))
    copied(order_with(here, Line(here.sku()), billing_address=None), place_target_order=True)
    copied(order_with(here))

    causes = {cause.cause for cause in causes_of(CopyScope(mode="test")).causes}

    assert causes == {
        "SPRING is not valid: unknown",
        "billing_address can't be blank",
        "nothing to copy",
    }


def test_only_the_latest_attempt_counts() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku(stock=0))))
    manage("retry_copies", copy.pk, "--yes")

    assert causes_of(CopyScope(mode="test")).causes == []


def test_a_scope_is_held_to_its_mode_and_statuses() -> None:
    here, live = shop(), shop("live")
    copied(order_with(here, Line(here.sku(stock=0)), Line(here.sku())), skip_errors=True)
    copied(order_with(live, Line(live.sku(stock=0))))

    assert causes_of(CopyScope(mode="test", statuses=[FactoryStatus.FAILED])).causes == []
    (cause,) = causes_of(CopyScope(mode="test")).causes
    assert (cause.copies, cause.failed) == (1, 0)


def test_it_takes_one_query_and_a_scope_is_needed() -> None:
    statements: list[str] = []
    with observed(statements.append):
        causes_of(CopyScope(mode="test"))

    assert len(statements) == 1
    with pytest.raises(ValueError, match="a scope needs"):
        CopyScope()
