"""What models and their fields are called wherever a page names them: headings, filters, questions.

One name has one word, whichever model has it. They are put onto the models when the admin starts,
as the words belong to the pages; the API has names of its own.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from orders.admin.words import LABELS, Word

# A model's name: of one row, and of several.
MODELS: Mapping[str, tuple[Word, Word]] = {
    "address": (_("address"), _("addresses")),
    "apiclient": (_("API client"), _("API clients")),
    "coupon": (_("coupon"), _("coupons")),
    "customer": (_("customer"), _("customers")),
    "customeraddress": (_("customer address"), _("customer addresses")),
    "customerpaymentsource": (_("customer payment source"), _("customer payment sources")),
    "event": (_("event"), _("events")),
    "eventstore": (_("event store"), _("event stores")),
    "lineitem": (_("line item"), _("line items")),
    "lineitemoption": (_("line item option"), _("line item options")),
    "market": (_("market"), _("markets")),
    "marketstocklocation": (_("market"), _("markets")),
    "order": (_("order"), _("orders")),
    "organization": (_("organization"), _("organizations")),
    "paymentmethod": (_("payment method"), _("payment methods")),
    "paymentsource": (_("payment source"), _("payment sources")),
    "price": (_("price"), _("prices")),
    "pricelist": (_("price list"), _("price lists")),
    "promotion": (_("promotion"), _("promotions")),
    "shipment": (_("shipment"), _("shipments")),
    "shippingmethod": (_("shipping method"), _("shipping methods")),
    "signingkey": (_("signing key"), _("signing keys")),
    "sku": (_("SKU"), _("SKUs")),
    "skuoption": (_("SKU option"), _("SKU options")),
    "stockitem": (_("stock item"), _("stock items")),
    "stocklineitem": (_("stock line item"), _("stock line items")),
    "stocklocation": (_("stock location"), _("stock locations")),
    "tag": (_("tag"), _("tags")),
    "transaction": (_("transaction"), _("transactions")),
}


def name_models(models: Iterable[type[Model]]) -> None:
    """Call the shop's models and their fields as its pages do."""
    give_names(models, MODELS, LABELS)


def give_names(
    models: Iterable[type[Model]],
    names: Mapping[str, tuple[Word, Word]],
    labels: Mapping[str, Word],
) -> None:
    """Call models as ``names`` says, and fields as ``labels``: ``model.field`` before ``field``."""
    for model in models:
        name = str(model._meta.model_name)
        if name in names:
            # Django's own types know no words that wait for the reader's language.
            model._meta.verbose_name, model._meta.verbose_name_plural = names[name]  # type: ignore[assignment]
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            label = labels.get(f"{name}.{field.name}") or labels.get(field.name)
            if label is not None:
                field.verbose_name = label  # type: ignore[assignment]
