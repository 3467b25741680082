"""What the fields of forms are called, and what is said when a promise of the database is broken.

A name stands for the field of every model that has it, unless ``model.field`` says otherwise.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise

LABELS: Mapping[str, Word] = {
    "amount_cents": _("Price"),
    "auto_capture": _("Take the money at once"),
    "auto_capture_max_amount_cents": _("At once only up to"),
    "auto_place": _("Place orders at once"),
    "billing_info": _("Tax number"),
    "business": _("A business"),
    "checkout_url": _("Address of the checkout"),
    "city": _("City"),
    "code": _("Code"),
    "company": _("Company"),
    "compare_at_amount_cents": _("Former price"),
    "country_code": _("Country"),
    "currency_code": _("Currency"),
    "customer_single_use": _("Once for each customer"),
    "default_payment_method": _("Usual payment method"),
    "default_shipping_method": _("Usual shipping method"),
    "delay_hours": _("Takes longer by (hours)"),
    "description": _("Description"),
    "do_not_ship": _("Nothing to send"),
    "do_not_track": _("Never out of stock"),
    "email": _("E-mail"),
    "exclusive": _("Alone"),
    "expires_at": _("Ends"),
    "first_name": _("First name"),
    "fixed_amount_cents": _("Amount off"),
    "free_over_amount_cents": _("Free from"),
    "hs_tariff_number": _("Tariff number"),
    "image_url": _("Picture"),
    "last_name": _("Last name"),
    "lat": _("Latitude"),
    "line_1": _("Street and number"),
    "line_2": _("Further address line"),
    "lng": _("Longitude"),
    "market": _("Market"),
    "max_weight": _("Heaviest weight"),
    "min_weight": _("Lightest weight"),
    "moto": _("By mail or telephone"),
    "name": _("Name"),
    "notes": _("Notes"),
    "payment_source_type": _("Kind of payment"),
    "percentage": _("Per cent off"),
    "phone": _("Telephone"),
    "pieces_per_pack": _("Pieces in a pack"),
    "price_amount_cents": _("Costs"),
    "price_list": _("Price list"),
    "priority": _("Priority"),
    "promotion": _("Promotion"),
    "quantity": _("Pieces"),
    "recipient_email": _("Only for"),
    "reference": _("Your reference"),
    "require_capture": _("Money has to be taken"),
    "requires_shipping_method": _("Orders need a shipping method"),
    "shipping_cost_cutoff": _("Shipping is free from (in cents)"),
    "shopper_reference": _("Shopper reference"),
    "sku": _("SKU"),
    "sku_code_regex": _("Only for SKU codes like"),
    "skus": _("Only on these SKUs"),
    "starts_at": _("Begins"),
    "state_code": _("State or province"),
    "stock_location": _("Stock location"),
    "tags": _("Tags"),
    "tax_code": _("Tax code"),
    "tax_exemption_code": _("Tax exemption code"),
    "tax_included": _("Prices include tax"),
    "total_usage_limit": _("How often in all"),
    "type": _("Kind"),
    "unit_of_weight": _("Unit of weight"),
    "usage_limit": _("How often in all"),
    "use_subtotal": _("Count without discounts"),
    "weight": _("Weight"),
    "zip_code": _("Postal code"),
}

EXPLANATIONS: Mapping[str, Word] = {
    "auto_place": _("An order is placed as soon as its payment is known."),
    "compare_at_amount_cents": _("Shown crossed out beside the price. May stay empty."),
    "country_code": _("Two letters, such as DE, IT or US."),
    "currency_code": _("Three letters, such as EUR or USD."),
    "customer_single_use": _("No customer uses this code twice."),
    "do_not_ship": _("A service or a download: orders of it have no parcel."),
    "do_not_track": _("Its pieces are not counted, so no order fails for lack of them."),
    "exclusive": _("When this promotion applies, no other does."),
    "image_url": _("Web address of a picture."),
    "marketstocklocation.priority": _("Stock is taken from the lowest number first."),
    "percentage": _("A whole number from 1 to 100."),
    "promotion.currency_code": _("Empty: the currency of the market."),
    "promotion.market": _("Empty: all markets."),
    "promotion.priority": _("The lowest number comes first."),
    "promotion.skus": _("Empty: on all SKUs."),
    "recipient_email": _("An e-mail address: nobody else can use this code. Empty: anybody can."),
    "coupon.expires_at": _("Empty: it ends with its promotion."),
    "coupon.usage_limit": _("Empty: as often as people like."),
    "total_usage_limit": _("Empty: as often as people like."),
    "reference": _("How other programs of yours call it."),
    "shippingmethod.market": _("Empty: all markets."),
    "paymentmethod.market": _("Empty: all markets."),
    "skuoption.market": _("Empty: all markets."),
    "sku_code_regex": _("A pattern (regular expression), such as ^MUG. Empty: for all SKUs."),
    "free_over_amount_cents": _("Orders of this amount or more are shipped free. Empty: never."),
    "price_amount_cents": _("In the currency of the market, such as 12.50."),
    "market.price_list": _("What things cost in this market, and in which currency."),
    "checkout_url": _("Where customers pay."),
}

# A promise of the database: the field beside which its break is said, and how.
PROMISES: Mapping[str, tuple[str, Word]] = {
    "one_sku_per_code": ("code", _("There is a SKU with this code already.")),
    "one_coupon_per_code": ("code", _("There is a coupon with this code already.")),
    "one_customer_per_email": ("email", _("There is a customer with this address already.")),
    "one_price_list_per_name": ("name", _("There is a price list with this name already.")),
    "one_price_list_per_code": ("code", _("There is a price list with this code already.")),
    "one_market_per_name": ("name", _("There is a market with this name already.")),
    "one_market_per_code": ("code", _("There is a market with this code already.")),
    "one_stock_location_per_name": ("name", _("There is a location with this name already.")),
    "one_stock_location_per_code": ("code", _("There is a location with this code already.")),
    "one_price_per_sku_and_list": ("price_list", _("The SKU has a price in this list already.")),
    "one_stock_item_per_place": ("stock_location", _("The SKU has stock there already.")),
    "each_location_once_per_market": ("stock_location", _("The market has it already.")),
    "each_address_once_per_book": ("address", _("The customer has this address already.")),
    "stock_is_never_negative": ("quantity", _("There cannot be fewer than none.")),
    "a_promotion_ends_after_it_starts": ("expires_at", _("It has to end after it begins.")),
    "a_coupon_is_not_used_too_often": (
        "usage_limit",
        _("It was used more often than that already."),
    ),
    "a_promotion_says_how_much": ("type", _("Say how much it takes off.")),
}


def words_for(model: type[Model], field: str) -> tuple[Any, Any]:
    """The label and the explanation of a field, each None where the model's own will do."""
    names = (f"{model._meta.model_name}.{field}", field)
    label = next((LABELS[name] for name in names if name in LABELS), None)
    explanation = next((EXPLANATIONS[name] for name in names if name in EXPLANATIONS), None)
    return label, explanation
