"""The list of copies: found, acted on by whom the table lets, and taken along as a file."""

import csv
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import reverse

from config.roles import OPERATOR, VIEWER
from ordercopy.admin.actions import PERMISSIONS
from ordercopy.deeds import Deed
from ordercopy.models import FactoryStatus, OrderCopy
from orders import lifecycle
from orders.admin import paging, spreadsheets
from tests.copying import asked_for, copied, run, target_of
from tests.factories import TESTER, Line, order_with, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
LIST = "admin:ordercopy_ordercopy_changelist"


def listed(client: StaffClient, **asked: str) -> set[str]:
    """The numbers of the sources of the copies that the list shows."""
    page = client.get(reverse(LIST), asked)
    assert page.status_code == 200, (asked, page.status_code)
    return {copy.source_order.number for copy in page.context["cl"].result_list}


def do(client: StaffClient, deed: Deed, *copies: OrderCopy, **fields: Any) -> Any:
    """Press the button of an action, and agree to what it asks if it asks anything."""
    form = {"action": deed.value, "_selected_action": [copy.pk for copy in copies], **fields}
    answer = client.post(reverse(LIST), form)
    return client.post(answer["Location"], follow=True) if answer.status_code == 302 else answer


def failing(here: Any, number: str, *, sku: Any = None, **fields: Any) -> OrderCopy:
    line = Line(sku or here.sku(stock=0), 2)
    return copied(order_with(here, line, Line(here.sku()), number=number, **fields))


def test_the_list_takes_as_many_statements_for_25_copies_as_for_one(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    gone = here.sku(stock=0)
    run(asked_for(*(order_with(here, Line(gone), Line(here.sku(stock=0))) for _ in range(26))))
    client = staff(OPERATOR)

    with django_assert_max_num_queries(25):
        page = client.get(reverse(LIST))

    assert len(page.context["cl"].result_list) == 25
    assert "and 1 more" in page.content.decode()


def test_a_late_page_goes_on_where_the_one_before_it_ended(staff: Staff) -> None:
    here = shop()
    jar = here.sku()
    asked_for(*(order_with(here, Line(jar), number=f"{nth:02}") for nth in range(27)))
    client = staff(VIEWER)

    pages = [client.get(reverse(LIST), {"p": page}).context["cl"] for page in (1, 2)]

    numbers = [[copy.source_order.number for copy in page.result_list] for page in pages]
    by_age = OrderCopy.objects.order_by("-created_at", "-id").values_list("source_order__number")
    assert [len(page) for page in numbers] == [25, 2]
    assert [(number,) for page in numbers for number in page] == list(by_age)


def test_copies_are_found_by_what_somebody_has_at_hand(staff: Staff) -> None:
    here = shop()
    bob = here.customer("Bob@example.com")
    made = copied(order_with(here, Line(here.sku()), number="1001"))
    failing(here, "1002", sku=here.sku("MUG", stock=0))
    failing(here, "1003", customer=bob)
    copied(order_with(shop("live"), Line(None), number="1001"))
    client = staff(VIEWER)

    assert listed(client, q="1001") == {"1001"}
    assert listed(client, q="#1002") == {"1002"}
    assert listed(client, q=made.target_order.number) == {"1001"}  # type: ignore[union-attr]
    assert listed(client, q="mug") == {"1002"}
    assert listed(client, q="bob@") == {"1003"}
    assert listed(client, q="100") == set()
    assert listed(client, q=" ") == {"1001", "1002", "1003"}


def test_filters_narrow_down_by_status_cause_sku_option_and_day(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=0)
    copied(order_with(here, Line(here.sku()), number="good"), place_target_order=True)
    failing(here, "mug", sku=mug)
    failing(here, "other")
    copied(order_with(here, Line(here.sku()), coupon_code="SPRING", number="coupon"))
    copied(order_with(here, Line(mug), Line(here.sku()), number="short"), skip_errors=True)
    client = staff(VIEWER)

    assert listed(client, status="failed") == {"mug", "other", "coupon"}
    assert listed(client, code="out_of_stock") == {"mug", "other", "short"}
    assert listed(client, sku="MUG") == {"mug", "short"}
    assert listed(client, sku="MUG", code="sku_disabled") == set()
    assert listed(client, message="SPRING is not valid: unknown") == {"coupon"}
    assert listed(client, option="place_target_order") == {"good"}
    assert listed(client, created_at_from="2999-01-01") == set()
    assert len(listed(client, created_at_from="2001-01-01", created_at_to="2999-01-01")) == 5


@pytest.mark.parametrize("deed", Deed)
def test_only_who_may_can_act_even_with_a_form_made_by_hand(deed: Deed, staff: Staff) -> None:
    copy = failing(shop(), "1001")

    assert do(staff(VIEWER), deed, copy).status_code == 403
    copy.refresh_from_db()
    assert copy.status == FactoryStatus.FAILED

    assert (
        PERMISSIONS[deed]
        in staff(OPERATOR).get(reverse(LIST)).context["user"].get_all_permissions()
    )


def test_a_form_of_the_other_mode_changes_nothing(staff: Staff) -> None:
    copy = failing(shop("live"), "1001")

    answer = do(staff(OPERATOR, mode="test"), Deed.DELETE, copy, _mode="live")

    assert answer.status_code == 409
    assert OrderCopy.objects.filter(pk=copy.pk).exists()
    do(StaffClient(answer.wsgi_request.user, "test"), Deed.DELETE, copy)
    assert OrderCopy.objects.filter(pk=copy.pk).exists()


def test_nothing_is_done_before_somebody_agreed_to_the_numbers(staff: Staff) -> None:
    here = shop()
    failed, done = failing(here, "1001"), copied(order_with(here, Line(here.sku())))
    chosen = {"action": "retry", "_selected_action": [failed.pk, done.pk]}

    question = staff(OPERATOR).post(reverse(LIST), chosen, follow=True).content.decode()

    assert "Retry 1 copy?" in question
    assert "1 copy cannot: completed already" in question
    failed.refresh_from_db()
    assert (failed.status, failed.attempt) == (FactoryStatus.FAILED, 1)


def test_all_that_match_are_retried_at_once_and_a_second_time_changes_nothing(
    staff: Staff,
) -> None:
    here = shop()
    mug = here.sku("MUG", stock=0)
    held_up = [failing(here, f"10{nth:02}", sku=mug) for nth in range(30)]
    other = failing(here, "2000")
    client = staff(OPERATOR)
    filtered = reverse(LIST) + "?status=failed&sku=MUG"
    everything = {"action": "retry", "_selected_action": "all", "select_across": "1"}
    question = client.post(filtered, everything)["Location"]

    answers = [client.post(question, follow=True).content.decode() for _ in range(2)]

    assert len(question) < 250
    assert "30 copies are tried again." in answers[0]
    assert "tried again" not in answers[1]
    assert "What you chose is not there any more" in answers[1]
    for copy in [*held_up, other]:
        copy.refresh_from_db()
    assert {(copy.status, copy.attempt) for copy in held_up} == {(FactoryStatus.PENDING, 2)}
    assert other.status == FactoryStatus.FAILED


def test_a_retry_leads_to_exactly_its_copies_and_tells_how_they_ended(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=0)
    both = [Line(mug, 2), Line(here.sku(stock=0))]
    freed = failing(here, "1001", sku=mug)
    still_short = copied(order_with(here, *both, number="1002"))
    failing(here, "1003")
    client = staff(OPERATOR)
    mug.stock_items.update(quantity=50)
    filtered = reverse(LIST) + "?status=failed&sku=MUG"
    everything = {"action": "retry", "_selected_action": "all", "select_across": "1"}

    question = client.post(filtered, everything | {"back": "/admin/"})["Location"]
    assert "1 of them met something else as well" in client.get(question).content.decode()
    said = client.post(question, follow=True).content.decode()
    found = re.search(r'2 copies are tried again\. <a [^>]*href="([^"]+)"', said)
    assert found is not None
    show = unescape(found[1])
    waiting = client.get(show).content.decode()
    run([freed, still_short])
    ended = client.get(show)

    assert "not ended yet 2." in waiting
    assert {copy.source_order.number for copy in ended.context["cl"].result_list} == {
        "1001",
        "1002",
    }
    assert "completed now 1, failed again 1" in ended.content.decode()
    assert client.get(reverse(LIST), {"retried": "yesterday"}).status_code == 302


def test_a_copy_made_again_is_linked_and_not_made_a_second_time(staff: Staff) -> None:
    failed = failing(shop(), "1001")
    client = staff(OPERATOR)

    do(client, Deed.MAKE_AGAIN, failed)
    second = do(client, Deed.MAKE_AGAIN, failed).content.decode()
    retried = do(client, Deed.RETRY, failed).content.decode()

    again = failed.made_again.get()
    assert (again.skip_errors, again.who["owner"]["name"]) == (True, OPERATOR)
    assert "made again already, as another copy" in second
    assert "made again already, as another copy" in retried
    page = client.get(reverse("admin:ordercopy_ordercopy_change", args=[failed.pk]))
    assert reverse("admin:ordercopy_ordercopy_change", args=[again.pk]) in page.content.decode()


def test_a_copy_whose_order_was_placed_by_hand_is_retried_and_not_made_again(
    staff: Staff,
) -> None:
    here = shop()
    failed = copied(
        order_with(here, Line(here.sku()), billing_address=None), place_target_order=True
    )
    target = target_of(failed)
    target.billing_address = target.shipping_address
    target.save()
    lifecycle.place([target.pk], who=TESTER)
    client = staff(OPERATOR)

    refused = do(client, Deed.MAKE_AGAIN, failed).content.decode()

    assert "its order was placed by hand; retrying completes it" in refused
    page = client.get(reverse("admin:ordercopy_ordercopy_change", args=[failed.pk]))
    assert "its order was placed by hand; retrying completes it" in page.content.decode()
    assert f"Its order {target.number} is placed." in page.content.decode()
    assert "What is in the way" not in page.content.decode()
    assert not failed.made_again.exists()
    do(client, Deed.RETRY, failed)
    assert run([failed])[0].target_order == target


def test_waiting_copies_are_aborted_and_ended_ones_deleted(staff: Staff) -> None:
    here = shop()
    (waiting,) = asked_for(order_with(here, Line(here.sku())))
    failed = failing(here, "1001")
    client = staff(OPERATOR)

    do(client, Deed.ABORT, waiting, failed)
    do(client, Deed.DELETE, failed)

    waiting.refresh_from_db()
    assert waiting.status == FactoryStatus.ABORTED
    assert not OrderCopy.objects.filter(pk=failed.pk).exists()


def test_after_an_action_nobody_is_sent_to_another_host(staff: Staff) -> None:
    copy = failing(shop(), "1001")

    form = {"action": "retry", "_selected_action": copy.pk, "back": "https://elsewhere.example/"}
    client = staff(OPERATOR)
    answer = client.post(client.post(reverse(LIST), form)["Location"])

    assert answer.headers["Location"].startswith(reverse(LIST))


def test_a_question_can_be_reloaded_and_says_kindly_when_it_is_outdated(staff: Staff) -> None:
    copy = failing(shop(), "1001")
    client = staff(OPERATOR)
    form = {"action": "retry", "_selected_action": copy.pk, "index": "0"}
    question = client.post(f"{reverse(LIST)}?status=failed", form)["Location"]

    for _reload in range(2):
        assert "Retry 1 copy?" in client.get(question).content.decode()
    done = client.post(question)
    again = client.get(question, follow=True)

    assert done["Location"] == f"{reverse(LIST)}?status=failed"
    assert again.redirect_chain[0][0] == done["Location"]
    assert "1 copy cannot: still waiting" in again.content.decode()
    copy.refresh_from_db()
    assert copy.attempt == 2
    client.switch_to("live")
    assert client.get(question).status_code == 409


@pytest.mark.parametrize("chosen", ["", "?ids=", "?matching=nonsense%3D1", "?matching=&until=soon"])
def test_a_question_about_nothing_leads_to_the_list(staff: Staff, chosen: str) -> None:
    asked = reverse("admin:ordercopy_ordercopy_ask", args=["retry"]) + chosen

    answer = staff(OPERATOR).get(asked, follow=True)

    assert answer.redirect_chain == [(reverse(LIST), 302)]
    assert "What you chose is not there any more" in answer.content.decode()


def rows_of(client: StaffClient, **asked: str) -> list[dict[str, str]]:
    answer = client.get(reverse("admin:ordercopy_ordercopy_export", args=["csv"]), asked)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(text)))


def test_what_is_filtered_is_exported_in_few_statements(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    gone = here.sku("MUG", stock=0)
    run(asked_for(*(order_with(here, Line(gone, 2), number=f"{nth}") for nth in range(30))))
    copied(order_with(here, Line(here.sku()), number="good"))
    client = staff(VIEWER)

    with django_assert_max_num_queries(12):
        rows = rows_of(client, status="failed")

    assert {row["Source order"] for row in rows} == {f"{nth}" for nth in range(30)}
    assert {row["What was in the way"] for row in rows} == {
        "Not enough of MUG: 2 wanted, 0 in stock"
    }
    assert {(row["Status"], row["Errors"], row["Attempt"]) for row in rows} == {
        ("Failed", "1", "1")
    }


def test_a_cell_is_never_a_formula(staff: Staff) -> None:
    here = shop()
    failing(here, "=1+1", sku=here.sku("=cmd|' /C calc'!A0", stock=0))
    client = staff(VIEWER)

    (row,) = rows_of(client)
    book = client.get(reverse("admin:ordercopy_ordercopy_export", args=["xlsx"]))

    assert row["Source order"] == "'=1+1"
    content = b"".join(book.streaming_content)  # type: ignore[attr-defined]
    sheet = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1" in sheet
    assert "<f>" not in sheet


def test_a_list_that_is_too_long_for_a_workbook_is_offered_as_csv(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = shop()
    for number in ("1001", "1002"):
        failing(here, number)
    copied(order_with(here, Line(here.sku()), number="1003"))
    monkeypatch.setattr(spreadsheets, "MOST_IN_A_WORKBOOK", 1)
    monkeypatch.setattr(paging, "COUNTED", 1)
    client = staff(VIEWER)
    workbook = reverse("admin:ordercopy_ordercopy_export", args=["xlsx"])
    export = reverse("admin:ordercopy_ordercopy_export", args=["csv"])

    refused = client.get(workbook, {"status": "failed"}, follow=True)

    assert refused.redirect_chain == [(f"{reverse(LIST)}?status=failed", 302)]
    (said,) = refused.context["messages"]
    assert "Narrow the list down" in str(said)
    assert f'href="{export}?status=failed"' in str(said)
    assert f'href="{workbook}' not in refused.content.decode()
    assert "For an Excel file these are too many" in refused.content.decode()
    made = client.get(workbook, {"status": "completed"})
    assert b"".join(made.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_there_are_two_kinds_of_files_and_strangers_get_none(staff: Staff) -> None:
    unknown = reverse("admin:ordercopy_ordercopy_export", args=["pdf"])

    assert staff(VIEWER).get(unknown).status_code == 404
    known = reverse("admin:ordercopy_ordercopy_export", args=["csv"])
    assert staff(None).get(known).status_code == 403
