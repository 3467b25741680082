"""What becomes of a product in the file."""

import pytest

from orders.models import EventStore, Market, Price, Sku, StockItem
from tests.orders.shopify.conftest import ImportOrders, ImportProducts
from tests.orders.shopify.exports import order, product


def only_sku() -> Sku:
    return Sku.objects.get()


def test_right_after_migrate_a_product_finds_all_it_needs(take_products: ImportProducts) -> None:
    report = take_products(product("TEA"))
    assert (report.new, report.failed) == (1, False)
    assert report.created == {"price_lists": 1, "markets": 1, "stock_locations": 1}
    price, stock = Price.objects.get(), StockItem.objects.get()
    assert (price.amount_cents, price.price_list.currency_code) == (1000, "USD")
    assert (stock.quantity, stock.stock_location.name) == (5, "Shopify")
    assert stock.stock_location in Market.objects.get().stock_locations.all()


def test_all_that_the_file_tells(take_products: ImportProducts) -> None:
    take_products(
        product(
            "TEA",
            body_html="<p>Green,\n“fresh”</p>",
            variant_grams="250",
            variant_compare_at_price="12.00",
            variant_requires_shipping="FALSE",
            image_src="https://shop.example/tea.jpg",
        )
    )
    sku = only_sku()
    assert sku.description == "<p>Green,\n“fresh”</p>"
    assert (sku.weight, sku.unit_of_weight) == (250, "gr")
    assert sku.do_not_ship
    assert sku.image_url == "https://shop.example/tea.jpg"
    assert Price.objects.get().compare_at_amount_cents == 1200


@pytest.mark.parametrize("status", ["archived", "draft", "Unlisted"])
def test_what_is_not_active_is_disabled_until_it_is(
    take_products: ImportProducts, status: str
) -> None:
    assert take_products(product("TEA", status=status)).disabled == 1
    since = only_sku().disabled_at
    assert since is not None
    assert take_products(product("TEA", status=status)).unchanged == 1
    assert only_sku().disabled_at == since
    assert take_products(product("TEA", status="Active")).updated == 1
    assert only_sku().disabled_at is None


@pytest.mark.parametrize(
    ("tracker", "quantity", "do_not_track", "stock"),
    [
        ("", "", True, []),
        ("", "0", True, [0]),
        ("shopify", "", False, []),
        ("", "7", False, [7]),
        ("shopify", "0", False, [0]),
    ],
)
def test_stock_that_nobody_counts_is_not_tracked(
    take_products: ImportProducts, tracker: str, quantity: str, do_not_track: bool, stock: list[int]
) -> None:
    take_products(product("TEA", variant_inventory_tracker=tracker, variant_inventory_qty=quantity))
    assert only_sku().do_not_track is do_not_track
    assert list(StockItem.objects.values_list("quantity", flat=True)) == stock


def test_variants_are_named_by_their_options(take_products: ImportProducts) -> None:
    small = product(
        "S-RED", handle="shirt", title="Shirt", option1_value="Small", option2_value="Red"
    )
    large = product("L-RED", handle="shirt", option1_value="Large", option2_value="Red")
    large |= {"Title": "", "Status": ""}
    image = {"Handle": "shirt", "Image Src": "https://shop.example/2.jpg"}
    report = take_products(small, image, large, product("MUG", option1_value="Default Title"))
    assert (report.new, report.refused, report.skipped) == (3, 0, 0)
    names = dict(Sku.objects.values_list("code", "name"))
    assert names == {"S-RED": "Shirt – Small / Red", "L-RED": "Shirt – Large / Red", "MUG": "Mug"}


def test_a_variant_without_a_code_is_left_out_and_told(take_products: ImportProducts) -> None:
    report = take_products(product("TEA"), product("", handle="mug", title="Mug"))
    assert (report.new, report.skipped, report.failed) == (1, 1, False)
    assert report.counts()["without_code"] == [{"line": 3, "name": "Mug"}]
    assert "1 variant without a SKU code left out: line 3" in report.as_text()


def test_the_same_file_twice_changes_nothing(take_products: ImportProducts) -> None:
    rows = [product("TEA"), product("MUG", variant_price="7.00", status="draft")]
    take_products(*rows)
    before = list(Sku.objects.order_by("id").values())
    entries = EventStore.objects.count()
    report = take_products(*rows)
    assert (report.new, report.updated, report.unchanged) == (0, 0, 2)
    assert list(Sku.objects.order_by("id").values()) == before
    assert EventStore.objects.count() == entries


def test_what_changed_is_brought_up_to_date(take_products: ImportProducts) -> None:
    take_products(product("TEA"), product("MUG"), product("POT"))
    report = take_products(
        product("TEA", title="Green tea"),
        product("MUG", variant_price="11.00"),
        product("POT", variant_inventory_qty="6"),
    )
    assert (report.new, report.updated, report.unchanged) == (0, 3, 0)
    assert Sku.objects.get(code="TEA").name == "Green tea"
    assert Price.objects.get(sku__code="MUG").amount_cents == 1100
    assert StockItem.objects.get(sku__code="POT").quantity == 6
    entry = EventStore.objects.get(resource_type="skus", event="update")
    assert entry.payload == {"name": {"from": "Tea", "to": "Green tea"}}
    assert entry.who == {"command": "import_products"}


def test_a_column_that_the_file_does_not_have_changes_nothing(
    take_products: ImportProducts,
) -> None:
    take_products(product("TEA", variant_grams="250"))
    Sku.objects.update(description="By hand", image_url="https://shop.example/tea.jpg")
    columns = ("Handle", "Title", "Status", "Variant SKU", "Variant Price")
    report = take_products(product("TEA"), columns=columns)
    assert report.unchanged == 1
    assert (only_sku().description, only_sku().weight) == ("By hand", 250)


def test_the_currency_is_the_markets_unless_it_is_said(
    take_products: ImportProducts, take_orders: ImportOrders
) -> None:
    take_orders(order("1", currency="EUR"))
    assert take_products(product("TEA")).currency == "EUR"
    assert take_products(product("TEA", variant_price="10"), currency="jpy").currency == "JPY"
    unsure = take_products(product("TEA"))
    assert "say --currency, one of EUR, JPY" in str(unsure.problems[0])
    amounts = Price.objects.values_list("price_list__currency_code", "amount_cents")
    assert dict(amounts) == {"EUR": 1000, "JPY": 10}


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"variant_inventory_qty": "-1"}, 'line 3, column "Variant Inventory Qty": -1 is negative'),
        ({"variant_price": ""}, 'line 3, column "Variant Price": must not be blank'),
        ({"variant_price": "ten"}, 'line 3, column "Variant Price": “ten” is no amount'),
        ({"variant_requires_shipping": "maybe"}, 'line 3, column "Variant Requires Shipping"'),
        ({"status": ""}, 'line 3, column "Status": must not be blank'),
        ({"title": ""}, 'line 3, column "Title": must not be blank'),
        ({"variant_grams": "a pound"}, 'line 3, column "Variant Grams"'),
    ],
)
def test_a_bad_variant_is_named_and_the_good_ones_come_in(
    take_products: ImportProducts, cells: dict[str, str], where: str
) -> None:
    report = take_products(product("TEA"), product("BAD", **cells), product("MUG"))
    assert f"products.csv, {where}" in str(report.problems[0])
    assert sorted(Sku.objects.values_list("code", flat=True)) == ["MUG", "TEA"]


def test_a_code_that_stands_twice_with_other_data_is_refused(take_products: ImportProducts) -> None:
    report = take_products(
        product("TEA"), product("TEA", handle="tea-2", variant_price="9.00"), product("TEA")
    )
    assert [str(problem) for problem in report.problems] == [
        'products.csv, line 3, column "Variant SKU": TEA stands on line 2 already, with other data'
    ]
    assert Price.objects.get().amount_cents == 1000


def test_a_dry_run_tells_the_same_and_changes_nothing(take_products: ImportProducts) -> None:
    report = take_products(product("TEA"), dry_run=True)
    assert (report.new, report.created["markets"]) == (1, 1)
    assert not Sku.objects.exists()
    assert not Market.objects.exists()
    assert "nothing was changed" in report.as_text()
