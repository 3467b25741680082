"""Uploaded exports of Shopify: nothing comes in unseen, nothing twice; what is wrong is said."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from orders.models import ImportFile, Order, Price, Sku
from orders.sample import ORDERS as ORDERS_FILE
from orders.shopify.uploads import LARGEST
from tests.factories import shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
HEADER = "Handle,Title,Status,Variant SKU,Variant Price,Variant Inventory Qty"
GOOD = f"{HEADER}\nchai,Chai,active,CHAI,18.00,39\ntea,Tea,active,TEA,9.50,5\n"
BAD = f'{GOOD}odd,Odd,active,ODD,"1,250.00",5\nnameless,Nameless,active,,1.00,1\n'


def upload(client: StaffClient, content: str | bytes, kind: str = "products", **fields: str) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("export.csv", raw, content_type="text/csv")
    return client.post(reverse(f"admin:import_{kind}"), {"file": file, **fields}, follow=True)


def go(client: StaffClient, page: Any) -> Any:
    return client.post(page.redirect_chain[-1][0], follow=True)


def figures(page: Any) -> dict[str, int]:
    return {words: number for words, number, _colour in page.context["figures"]}


def test_the_preview_says_what_would_happen_and_changes_nothing(staff: Staff) -> None:
    here = shop(currency="USD")
    here.sku("CHAI", price=1800, stock=None)

    page = upload(staff("operator"), BAD, currency="USD")

    assert figures(page) == {
        "New SKUs": 1,
        "Updated": 1,
        "Unchanged": 0,
        "Left out: no SKU code": 1,
        "Refused": 1,
    }
    [problem] = page.context["problems"]
    assert (problem["line"], problem["column"]) == (4, "Variant Price")
    assert "without thousands separators" in page.content.decode()
    assert Sku.objects.count() == 1


def test_an_import_happens_once_however_often_it_is_sent(staff: Staff) -> None:
    shop(currency="USD")
    client = staff("operator")
    preview = upload(client, GOOD, currency="USD")

    done = go(client, preview)
    again = go(client, preview)

    assert figures(done)["New SKUs"] == 2
    assert "was imported already" in again.content.decode()
    assert Price.objects.get(sku__code="TEA").amount_cents == 950


def test_the_same_file_again_brings_nothing_new(staff: Staff) -> None:
    shop(currency="USD")
    client = staff("operator")
    go(client, upload(client, GOOD, currency="USD"))

    page = upload(client, GOOD, currency="USD")

    assert figures(page)["Unchanged"] == 2
    assert "There is nothing to import." in page.content.decode()


def test_orders_come_in_with_all_that_they_need(staff: Staff) -> None:
    client = staff("operator")

    page = go(client, upload(client, ORDERS_FILE.read_bytes(), "orders"))

    assert figures(page)["New orders"] == Order.objects.count() > 800
    assert reverse("admin:orders_market_changelist") in page.content.decode()


def test_the_rows_that_were_refused_can_be_taken_home_and_mended(staff: Staff) -> None:
    shop(currency="USD")
    client = staff("operator")
    preview = upload(client, BAD, currency="USD")

    answer = client.get(f"{preview.redirect_chain[-1][0]}refused.csv")

    content = answer.content.decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(content))
    assert (row["Line"], row["Column"], row["Variant SKU"]) == ("4", "Variant Price", "ODD")
    assert "no amount" in row["What is wrong"]
    mended = upload(client, content.replace('"1,250.00"', "1250.00"), currency="USD")
    assert figures(mended)["New SKUs"] == 1
    assert figures(mended)["Refused"] == 0


def test_no_refused_cell_is_a_formula_and_mended_ones_come_in_as_they_were(staff: Staff) -> None:
    shop(currency="USD")
    client = staff("operator")
    titles = {
        "A": "=cmd|' /C calc'!A0",
        "B": r"@SUM(A1)\|2|3",
        "C": "-Rock",
        "D": "'t Hooft",
        "E": "+39 Tea",
        "-5": "|pipe",
    }
    rows = [f'p{code},"{title}",active,{code},"1,250.00",5' for code, title in titles.items()]
    preview = upload(client, "\n".join([HEADER, *rows]), currency="USD")

    answer = client.get(f"{preview.redirect_chain[-1][0]}refused.csv")

    content = answer.content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(content)) for cell in row]
    assert [cell for cell in cells if cell[:1] in set("=+-@|")] == ["-5"]
    go(client, upload(client, content.replace('"1,250.00"', "1250.00"), currency="USD"))
    assert dict(Sku.objects.values_list("code", "name")) == titles


def test_what_is_wrong_is_told_as_it_stands_in_the_file(staff: Staff) -> None:
    shop(currency="USD")
    # That a row contradicts another is found later than that a row cannot be read.
    contradiction = "chai-2,Chai,active,CHAI,19.00,39\n"
    content = GOOD + contradiction + 'odd,Odd,active,ODD,"1,250.00",5\n'

    page = upload(staff("operator"), content, currency="USD")

    assert [problem["line"] for problem in page.context["problems"]] == [4, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and so on", "this is an Excel or zip file"),
        (b"", "is empty"),
        ("Handle;Title;Status\n", "the columns are separated by semicolons"),
        (GOOD.encode("utf-16"), "looks like UTF-16; save it as"),
        ("a,b\n1,2\n", "required columns are missing"),
        (ORDERS_FILE.read_bytes(), "this is an orders export, not a products export."),
        (b"x" * (LARGEST + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_export_is_refused_in_plain_words(
    staff: Staff, content: str | bytes, said: str
) -> None:
    shop(currency="USD")

    page = upload(staff("operator"), content, currency="USD").content.decode()

    assert said in page
    assert "manage.py" not in page
    assert not ImportFile.objects.exists()


def test_where_prices_could_be_in_two_currencies_somebody_has_to_say(staff: Staff) -> None:
    shop(currency="USD")
    euros = shop(currency="EUR").market
    client = staff("operator")

    assert "Say in which currency" in upload(client, GOOD).content.decode()
    page = upload(client, GOOD, market=euros.pk, currency="USD").content.decode()
    assert "The market sells in another currency." in page
    assert "Prices in EUR." in upload(client, GOOD, market=euros.pk).content.decode()


@pytest.mark.parametrize("kind", ["products", "orders"])
def test_who_may_not_import_reaches_none_of_its_pages(staff: Staff, kind: str) -> None:
    file = ImportFile.objects.create(mode="test", kind=kind, name="x.csv", content=GOOD.encode())
    viewer = staff("viewer")

    for name, keys in (("", []), ("_file", [file.pk]), ("_refused", [file.pk])):
        page = reverse(f"admin:import_{kind}{name}", args=keys)
        assert viewer.get(page).status_code == 403
        assert viewer.post(page).status_code == 403
    file.refresh_from_db()
    assert file.started_at is None


def test_a_file_of_the_other_mode_is_not_imported(staff: Staff) -> None:
    file = ImportFile.objects.create(mode="live", kind="products", name="x", content=GOOD.encode())
    client = staff("operator")

    answer = client.post(reverse("admin:import_products_file", args=[file.pk]))

    assert answer.status_code == 409
    assert not Sku.objects.exists()


def test_files_are_forgotten_after_a_day(staff: Staff) -> None:
    shop(currency="USD")
    client = staff("operator")
    upload(client, GOOD, currency="USD")
    ImportFile.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))

    upload(client, GOOD, currency="USD")

    assert ImportFile.objects.count() == 1


def test_what_is_wrong_is_said_in_the_language_of_the_reader(staff: Staff) -> None:
    shop(currency="USD")
    client = staff("operator")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "it"

    page = upload(client, BAD, currency="USD")
    rows = client.get(f"{page.redirect_chain[-1][0]}refused.csv").content.decode("utf-8-sig")
    picture = upload(client, b"\x89PNG and so on")

    [problem] = page.context["problems"]
    assert problem["why"].endswith("scrivilo senza separatori delle migliaia, come 1234.50")
    assert problem["message"].endswith("write it without thousands separators, as 1234.50")
    assert next(csv.reader(StringIO(rows)))[:3] == ["Riga", "Colonna", "Che cosa non va"]
    assert "questo è un’immagine, non un file CSV; esportalo come CSV" in picture.content.decode()
