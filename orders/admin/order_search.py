"""Finding orders by what a merchant knows: a number, an e-mail address, a SKU, a reference.

What was typed is looked up first, each kind by an index of its own; the list then asks only for
the kinds that it can be, and for each by its index again. One condition that holds for everything
would read the whole table.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from orders.codes import spellings
from orders.models import Customer, LineItem, Order, Sku

# From here on somebody types an address, not one letter of a number.
SHORTEST_ADDRESS = 2


def matching(orders: QuerySet[Order], typed: str, *, mode: str) -> QuerySet[Order]:
    """The orders with this number, token, reference or SKU, or of customers whose e-mail begins so.

    A number may have the ``#`` that shops write before it; capitals may be left out.
    """
    typed = typed.strip()
    numbers = spellings(typed.removeprefix("#"))
    kinds = [
        kind
        for kind, is_known in (
            (Q(number__in=numbers), Order.objects.filter(mode=mode, number__in=numbers).exists),
            (Q(pk=typed), Order.objects.filter(mode=mode, pk=typed).exists),
            (Q(token=typed), Order.objects.filter(mode=mode, token=typed).exists),
            (Q(reference=typed), _referred(typed, mode).exists),
            (_of_customers(typed, mode), _customers(typed, mode).exists),
        )
        if is_known()
    ]
    skus = Sku.objects.filter(mode=mode, code__in=spellings(typed)).values_list("pk", flat=True)
    kinds.extend(_of_sku(sku) for sku in skus)
    if not kinds:
        return orders.none()
    if len(kinds) == 1:
        return orders.filter(*kinds)
    # Each kind by its own index; «one or the other» would be asked of every order of the shop.
    first, *others = (
        Order.objects.filter(kind, mode=mode).order_by().values("pk") for kind in kinds
    )
    return orders.filter(pk__in=first.union(*others))


def _referred(typed: str, mode: str) -> QuerySet[Order]:
    return Order.objects.filter(mode=mode, reference=typed)


def _customers(typed: str, mode: str) -> QuerySet[Customer]:
    if len(typed) < SHORTEST_ADDRESS:
        return Customer.objects.none()
    return Customer.objects.alias(address=Lower("email")).filter(
        mode=mode, address__startswith=typed.lower()
    )


def _of_customers(typed: str, mode: str) -> Q:
    return Q(customer__in=_customers(typed, mode).values("pk"))


def _of_sku(sku: str) -> Q:
    """By the SKU's own id, of which the database knows how frequent it is."""
    return Q(Exists(LineItem.objects.filter(order=OuterRef("pk"), sku=sku)))
