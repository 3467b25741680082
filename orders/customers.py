"""Customers as orders meet them: found by e-mail address, made when they are new."""

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from orders.audit import AuditEntry, Who, record_audit
from orders.models import Customer, EventStore


def find_or_create_customer(email: str, *, mode: str, who: Who) -> Customer:
    """The customer with this address, whatever its capitals.

    Of several who ask at once for an address that is new, one makes the customer and the others
    wait for it.
    """
    if found := find_customer(email, mode=mode):
        return found
    made = Customer(mode=mode, email=email)
    Customer.objects.bulk_create([made], ignore_conflicts=True)
    customer = _by_email(email, mode=mode).get()
    if customer.pk == made.pk:
        entry = AuditEntry(
            mode, "customers", customer.pk, EventStore.What.CREATE, {"email": (None, email)}
        )
        record_audit([entry], who=who)
    return customer


def find_customer(email: str, *, mode: str) -> Customer | None:
    """The customer with this address, whatever its capitals; an index finds it."""
    return _by_email(email, mode=mode).first()


def _by_email(email: str, *, mode: str) -> QuerySet[Customer]:
    lowered = Customer.objects.alias(lowered=Lower("email"))
    return lowered.filter(mode=mode, lowered=Lower(Value(email)))


def set_password(customer: Customer, password: str | None) -> None:
    """Keep a password in a form that nobody can read; None takes it away."""
    customer.password = None if password is None else make_password(password)
    customer.save(update_fields=["password", "updated_at"])
