"""Errors of copies in the merchant's words: each of the domain's obstacles, in English and Italian.

What the API says of them stays English; the pages find in it what they say in words of their own.
"""

import pytest
from django.utils.translation import override

from ordercopy.admin.wording import error_in_words
from orders import obstacles
from orders.obstacles import Obstacle

SAID = [
    (
        obstacles.sku_missing("MUG", sku_code="MUG"),
        "MUG no longer exists",
        "MUG non esiste più",
    ),
    (
        obstacles.sku_missing("A tea pot", sku_code=None),
        "A tea pot no longer exists",
        "A tea pot non esiste più",
    ),
    (obstacles.sku_disabled("MUG"), "MUG is disabled", "MUG è disattivato"),
    (
        obstacles.out_of_stock("MUG", requested=3, available=1),
        "Not enough of MUG: 3 wanted, 1 in stock",
        "MUG non basta: 3 richiesti, 1 disponibili",
    ),
    (
        obstacles.nothing_to_copy(),
        "The order has no product that could be copied",
        "L’ordine non ha prodotti che si possano copiare",
    ),
    (
        obstacles.nothing_to_copy(left=True),
        "Nothing is left to copy once what fails is left out",
        "Tralasciando ciò che fallisce non resta niente da copiare",
    ),
    (
        obstacles.invalid_coupon("SPRING", "used up"),
        "Coupon SPRING is used up",
        "Il coupon SPRING è esaurito",
    ),
    (
        obstacles.payment_source_gone(),
        "The payment source is no longer in the customer's wallet",
        "Il mezzo di pagamento non è più nel portafoglio del cliente",
    ),
    (
        obstacles.payment_method_disabled("Card"),
        "The payment method “Card” is disabled",
        "Il metodo di pagamento «Card» è disattivato",
    ),
    (
        obstacles.country_locked("FR", only="IT"),
        "This order ships to IT only",
        "Questo ordine si spedisce solo verso IT",
    ),
    (
        obstacles.currency_mismatch("USD", "EUR"),
        "The order is in USD, and its market sells in EUR",
        "L’ordine è in USD, mentre il suo mercato vende in EUR",
    ),
    (
        obstacles.invalid_transition("paid", "cancelled"),
        "The order is «Paid» and cannot become «Cancelled»",
        "L’ordine è «Pagato» e non può diventare «Annullato»",
    ),
    (
        obstacles.missing("billing_address"),
        "Missing: the billing address",
        "Manca: l’indirizzo di fatturazione",
    ),
    (
        obstacles.internal("k3x"),
        "Unexpected error: tell whoever runs the shop's server",
        "Errore imprevisto: avvisa chi gestisce il server del negozio",
    ),
]


@pytest.mark.parametrize(("obstacle", "english", "italian"), SAID)
def test_an_error_is_said_in_the_language_of_the_reader(
    obstacle: Obstacle, english: str, italian: str
) -> None:
    for language, words in (("en", english), ("it", italian)):
        with override(language):
            assert error_in_words(vars(obstacle)) == words
