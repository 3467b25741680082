"""What a copy would do, for whoever asks; nothing of it is stored."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any

from config.jsonapi import registry
from config.jsonapi.contract_files import Contract, contract_of, parse_contract
from config.jsonapi.errors import locked
from config.jsonapi.relations import to_one
from config.jsonapi.resource import Change, Computed
from ordercopy.api.asking import asked_with, source_exists, split_options
from ordercopy.models import OrderCopy
from ordercopy.previewing import Busy
from ordercopy.reporting import CopyReport, LineReport, preview_report
from orders.api.amounts import amount
from orders.api.resource import ShopResource
from orders.ids import new_id
from orders.models import Order

LINE_MEMBERS = (
    "sku_code",
    "quantity",
    "unit_amount_cents",
    "total_amount_cents",
    "outcome",
    "code",
    "message",
)
AMOUNTS = (
    "subtotal_amount",
    "discount_amount",
    "adjustment_amount",
    "shipping_amount",
    "payment_method_amount",
    "total_tax_amount",
    "total_amount",
)
READ = {"flags": ["fetch"]}
READ_OR_NULL = {"flags": ["fetch", "nullable"]}
FACTS = parse_contract(
    {
        "resource": "order_copy_previews",
        "actions": ["create"],
        "attributes": {
            "id": {"type": "string", **READ},
            "would": {"type": "string", "enum": ["complete", "fail"], **READ},
            "target_status": {
                "type": "string",
                "enum": ["draft", "pending", "placed"],
                **READ_OR_NULL,
            },
            "lines": {
                "type": "array",
                "description": "What becomes of each line of the source: `outcome` is `copied`, "
                "`skipped` or `blocked`, and `code` and `message` say why.",
                **READ,
            },
            "currency_code": {"type": "string", **READ},
            **{
                name: {"type": kind, **READ_OR_NULL}
                for stem in AMOUNTS
                for name, kind in (
                    (f"{stem}_cents", "integer"),
                    (f"{stem}_float", "float"),
                    (f"formatted_{stem}", "string"),
                )
            },
            "errors_log": {"type": "object", **READ},
            "errors_count": {"type": "integer", **READ},
        },
        "relationships": {},
    }
)
ASKED = asked_with("fetch", "nullable")


@dataclass(frozen=True)
class Preview:
    """A request and what came out of it.

    The media type wants an id of everything; this one is made up and leads nowhere.
    """

    pk: str
    source_order: Order
    asked: Mapping[str, Any]
    report: CopyReport

    @property
    def source_order_id(self) -> str:
        return self.source_order.pk


def line(report: LineReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in LINE_MEMBERS}


def _cents(name: str) -> Callable[[Preview], int | None]:
    """An amount of the target, or nothing where there would be none."""

    def found(preview: Preview) -> int | None:
        totals = preview.report.target_totals
        return None if totals is None else getattr(totals, name)

    return found


def _asked(name: str) -> Computed:
    return Computed(lambda preview: preview.asked[name])


def _amounts() -> dict[str, Computed]:
    found: dict[str, Computed] = {}
    for stem in AMOUNTS:
        found |= amount(
            stem,
            cents=_cents(f"{stem}_cents"),
            currency="source_order.currency_code",
            language="source_order.language_code",
        )
    return found


@registry.register
class OrderCopyPreviews(ShopResource):
    """The copy itself, made and undone: it cannot disagree with a copy that is asked for now."""

    type = "order_copy_previews"
    model = OrderCopy  # which it would become
    stored = False
    contract = Contract(
        resource=FACTS.resource,
        actions=FACTS.actions,
        attributes={**FACTS.attributes, **ASKED},
        relationships={"source_order": contract_of("order_copies").relationships["source_order"]},
    )
    computed = {
        **{name: _asked(name) for name in ASKED},
        **{
            name: Computed(attrgetter(f"report.{name}"))
            for name in ("would", "target_status", "errors_log", "errors_count")
        },
        "lines": Computed(lambda preview: [line(each) for each in preview.report.lines]),
        "currency_code": Computed(attrgetter("source_order.currency_code")),
        **_amounts(),
    }
    relations = {"source_order": to_one("source_order")}

    def work_out(self, change: Change) -> Preview:
        """Make the copy and undo it. Raises what writing raises, and ``Locked``."""
        source = change.references["source_order"]
        options, rest = split_options(change.attributes)
        try:
            with source_exists():
                report = preview_report(source.pk, mode=change.caller.mode, options=options)
        except Busy as busy:
            raise locked(f"{busy}.") from busy
        usual: dict[str, Any] = dict.fromkeys(ASKED) | {"metadata": {}}
        return Preview(new_id(), source, usual | asdict(options) | rest, report)
