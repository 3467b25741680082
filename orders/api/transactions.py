"""Transactions: read only, for what moves money is done with the order itself."""

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from config.jsonapi import registry
from config.jsonapi.contract_files import Contract, parse_contract
from config.jsonapi.relations import Relation, about, to_many, to_one
from config.jsonapi.resource import Computed
from orders.api.order_parts import amount_in_order
from orders.api.resource import ShopResource
from orders.models import Transaction

FOUND = ["fetch", "filter"]
ORDERED = ["fetch", "filter", "sort"]
ATTRIBUTES: dict[str, Any] = {
    "id": {"type": "string", "flags": ORDERED},
    "number": {"type": "string", "flags": ORDERED},
    "currency_code": {"type": "string", "flags": FOUND},
    "amount_cents": {"type": "integer", "flags": ORDERED},
    "amount_float": {"type": "float", "flags": ["fetch"]},
    "formatted_amount": {"type": "string", "flags": ["fetch"]},
    "succeeded": {"type": "boolean", "flags": FOUND},
    "message": {"type": "string", "flags": [*FOUND, "nullable"]},
    "error_code": {"type": "string", "flags": [*FOUND, "nullable"]},
    "created_at": {"type": "datetime", "flags": ORDERED},
    "updated_at": {"type": "datetime", "flags": ORDERED},
    "reference": {"type": "string", "flags": [*ORDERED, "nullable"]},
    "reference_origin": {"type": "string", "flags": [*ORDERED, "nullable"]},
    "metadata": {"type": "object", "flags": [*FOUND, "nullable"]},
}
RELATIONSHIPS: dict[str, Any] = {
    "order": {"to": ["orders"], "flags": ["filter", "sort"]},
    "events": {"to": ["events"], "many": True, "flags": ["filter"]},
    "event_stores": {"to": ["event_stores"], "many": True, "includable": False, "flags": []},
}
REFERENCE = Relation("reference_transaction_id", "pk")
FOLLOWING = to_many("reference_transaction")

# What is left of a transaction once those that follow from it are taken off.
BALANCE = F("amount_cents") - Coalesce(
    Subquery(
        Transaction.objects.filter(reference_transaction=OuterRef("pk"), succeeded=True)
        .order_by()
        .values("reference_transaction")
        .annotate(sum=Sum("amount_cents"))
        .values("sum")
    ),
    0,
)


def contract_for(
    kind: Transaction.Type, *, balances: tuple[str, ...] = (), **relationships: str
) -> Contract:
    """What the contract has of a kind of transaction, as far as this shop keeps it.

    ``relationships`` are those beside the common ones, with where they lead: ``reference_…`` to the
    transaction that this one follows from, others to the many that follow from it.
    """
    attributes = dict(ATTRIBUTES)
    for name in balances:
        attributes[f"{name}_cents"] = {"type": "integer", "flags": ["fetch"]}
        attributes[f"{name}_float"] = {"type": "float", "flags": ["fetch"]}
        attributes[f"formatted_{name}"] = {"type": "string", "flags": ["fetch"]}
    further = {
        name: {"to": [to], "many": not name.startswith("reference_"), "flags": ["filter"]}
        for name, to in relationships.items()
    }
    return parse_contract(
        {
            "resource": kind.value,
            "actions": ["list", "retrieve"],
            "attributes": attributes,
            "relationships": RELATIONSHIPS | further,
        }
    )


def balance(stem: str) -> dict[str, Computed]:
    threes = amount_in_order(stem, cents=lambda row: row.balance_)
    return {
        name: replace(each, annotations={**each.annotations, "balance_": BALANCE})
        for name, each in threes.items()
    }


class Transactions(ShopResource):
    """Money that was promised, taken, let go or paid back."""

    model = Transaction
    computed: ClassVar[dict[str, Computed]] = amount_in_order("amount")

    def __init__(self) -> None:
        super().__init__()
        self.relations = {
            **self.relations,
            "order": to_one("order"),
            "events": about(self.type),
            "event_stores": about(self.type),
        }


@registry.register
class Authorizations(Transactions):
    """Payments that were promised; as a whole they are then captured, or voided."""

    type = "authorizations"
    where: ClassVar[dict[str, Any]] = {"type": Transaction.Type.AUTHORIZATION}
    contract = contract_for(
        Transaction.Type.AUTHORIZATION,
        balances=("capture_balance", "void_balance"),
        captures="captures",
        voids="voids",
    )
    computed = Transactions.computed | balance("capture_balance") | balance("void_balance")
    relations = {"captures": FOLLOWING, "voids": FOLLOWING}


@registry.register
class Captures(Transactions):
    """Payments that were taken."""

    type = "captures"
    where: ClassVar[dict[str, Any]] = {"type": Transaction.Type.CAPTURE}
    contract = contract_for(
        Transaction.Type.CAPTURE,
        balances=("refund_balance",),
        reference_authorization="authorizations",
        refunds="refunds",
    )
    computed = Transactions.computed | balance("refund_balance")
    relations = {"reference_authorization": REFERENCE, "refunds": FOLLOWING}


@registry.register
class Voids(Transactions):
    """Promises that were let go, because the order was cancelled."""

    type = "voids"
    where: ClassVar[dict[str, Any]] = {"type": Transaction.Type.VOID}
    contract = contract_for(Transaction.Type.VOID, reference_authorization="authorizations")
    relations = {"reference_authorization": REFERENCE}


@registry.register
class Refunds(Transactions):
    """Payments that were given back."""

    type = "refunds"
    where: ClassVar[dict[str, Any]] = {"type": Transaction.Type.REFUND}
    contract = contract_for(Transaction.Type.REFUND, reference_capture="captures")
    relations = {"reference_capture": REFERENCE}
