from config.jsonapi import registry
from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.relations import about, to_one
from config.jsonapi.resource import Change, Computed
from orders.api.resource import ShopResource, left_out
from orders.customers import find_or_create_customer
from orders.models import CustomerAddress


@registry.register
class CustomerAddresses(ShopResource):
    """The entries of customers' address books."""

    type = "customer_addresses"
    model = CustomerAddress
    computed = {
        "name": Computed(lambda entry: entry.address.name, joins=("address",)),
        "customer_email": Computed(lambda entry: entry.customer.email, joins=("customer",)),
    }
    write_only = frozenset({"customer_email"})
    relations = {
        "customer": to_one("customer"),
        "address": to_one("address"),
        "events": about("customer_addresses"),
        "event_stores": about("customer_addresses"),
    }
    left_out = left_out("versions")
    named_by = {"customer": "customer_email", "customer_email": "customer"}
    promises = {"each_address_once_per_book": ("address", "has already been taken")}

    def create(self, change: Change) -> str:
        """Customer and e-mail address are each enough; together they have to agree."""
        email = change.attributes.get("customer_email")
        if "customer" not in change.references:
            caller = change.caller
            found = find_or_create_customer(str(email), mode=caller.mode, who=caller.who)
            change.references["customer"] = found
        elif email and email.casefold() != change.references["customer"].email.casefold():
            problem = invalid("customer_email", "is not that of the customer", error="invalid")
            raise Invalid(problem)
        return super().create(change)
