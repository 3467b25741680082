"""Addresses of orders and in address books, and who reads the same one."""

from django.db import transaction
from django.db.models import Q

from orders.audit import Values, Who, record_write
from orders.country_locks import require_country
from orders.models import Address, CustomerAddress, Order
from orders.open_orders import OPEN, require_open

SLOTS = ("billing_address", "shipping_address")
OWN = ("id", "mode", "created_at", "updated_at", "reference", "reference_origin", "tags")


def clone(address: Address) -> Address:
    """Make another address that reads the same."""
    carried = {name: getattr(address, name) for name in Address.copy_plan.carry if name not in OWN}
    made = Address.objects.create(mode=address.mode, **carried)
    made.tags.set(address.tags.all())
    return made


def set_clone(order: Order, name: str, address: Address) -> None:
    """Give an open order its own copy as ``billing_address`` or ``shipping_address``.

    Raises ``Obstructed``.
    """
    require_open(order)
    setattr(order, name, clone(address))
    order.save(update_fields=[name, "updated_at"])
    if name == "shipping_address":
        require_country(order)


def keep_in_book(order: Order, name: str) -> None:
    """Put a copy of an order's address into its customer's book, unless one like it is there."""
    if order.customer is None:
        return
    address = getattr(order, name)
    known = {
        kept.address.full_address
        for kept in CustomerAddress.objects.filter(customer=order.customer).select_related(
            "address"
        )
    }
    if address.full_address not in known:
        CustomerAddress.objects.create(
            mode=order.mode, customer=order.customer, address=clone(address)
        )


def write_own(order: Order, name: str, given: Values, *, who: Who) -> None:
    """Set fields of an order's ``billing_address`` or ``shipping_address``; make it if need be.

    The caller holds the order. An address that the order shares with anybody is left to them.
    Raises ``Obstructed``.
    """
    address = getattr(order, name)
    if address is None:
        address = Address(mode=order.mode)
    elif _is_shared(address, order, name):
        address = clone(address)
    is_new = address._state.adding
    before = {} if is_new else {field: getattr(address, field) for field in given}
    for field, value in given.items():
        setattr(address, field, value)
    if record_write(address, "addresses", before, given, who=who):
        address.save()
    if getattr(order, f"{name}_id") != address.pk:
        setattr(order, name, address)
        order.save(update_fields=[name, "updated_at"])
    if name == "shipping_address":
        require_country(order)


def hold_readers(address_id: str) -> list[Order]:
    """Lock the orders that have this address, whatever their status, and answer them."""
    readers = Order.objects.filter(Q(billing_address=address_id) | Q(shipping_address=address_id))
    readers = readers.select_related(*SLOTS).order_by("pk")
    return list(readers.select_for_update(of=("self",), no_key=True))


@transaction.atomic
def keep_as_placed(address_id: str, *, who: Who) -> None:
    """Before a shared address is changed: let orders that were placed with it keep what it says.

    Each gets a copy of its own. An address that nobody else reads is the order's own already, and
    is changed where it is.
    """
    orders = hold_readers(address_id)
    if len(orders) < 2 and not CustomerAddress.objects.filter(address=address_id).exists():
        return
    for order in orders:
        if order.status not in OPEN:
            _part_with(order, address_id, who=who)


def _part_with(order: Order, address_id: str, *, who: Who) -> None:
    names = [name for name in SLOTS if getattr(order, f"{name}_id") == address_id]
    own = clone(getattr(order, names[0]))
    for name in names:
        setattr(order, name, own)
    order.save(update_fields=[*names, "updated_at"])
    before, after = dict.fromkeys(names, address_id), dict.fromkeys(names, own.pk)
    record_write(order, "orders", before, after, who=who)


def _is_shared(address: Address, order: Order, name: str) -> bool:
    """Whether somebody else reads this address: another order, an address book, its own twin."""
    twin = {"billing_address": "shipping_address", "shipping_address": "billing_address"}[name]
    if getattr(order, f"{twin}_id") == address.pk:
        return True
    others = Order.objects.exclude(pk=order.pk)
    return (
        others.filter(billing_address=address).exists()
        or others.filter(shipping_address=address).exists()
        or CustomerAddress.objects.filter(address=address).exists()
    )
