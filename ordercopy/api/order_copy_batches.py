"""Many copies asked for together: by the ids of their sources, or by what these have in common."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.contract_files import Contract, RelationshipFacts, parse_contract
from config.jsonapi.errors import BadRequest, Invalid, Problem, invalid, locked
from config.jsonapi.filters import filtered
from config.jsonapi.relations import about, to_many, to_one
from config.jsonapi.resource import Change, Computed, Trigger
from config.jsonapi.rows import rows_of
from ordercopy.api.asking import asked_with, split_options
from ordercopy.batch_progress import (
    PROGRESS,
    BatchProgress,
    BatchStatus,
    progress_of,
    status_of,
)
from ordercopy.batches import MOST_SOURCES, abort_batch, create_batch, retry_failed
from ordercopy.causes import CAUSES_OF_A_BATCH, sentence_of_cause
from ordercopy.copies import SourcesNotFound
from ordercopy.models import FactoryStatus, OrderCopyBatch
from ordercopy.sources import ids_as_placed
from ordercopy.undo_requests import ask_to_undo
from orders.api.resource import ShopResource
from orders.statements import execute

READ = {"flags": ["fetch"]}
READ_OR_NULL = {"flags": ["fetch", "nullable"]}
COLUMN = {"flags": ["fetch", "filter", "sort"]}
COLUMN_OR_NULL = {"flags": ["fetch", "filter", "sort", "nullable"]}
SENT = {"flags": ["create", "nullable"]}
VERB = {"type": "boolean", "flags": ["update"]}
COUNTED = {f"{status.value}_count": status for status in FactoryStatus}
FACTS = parse_contract(
    {
        "resource": "order_copy_batches",
        "actions": ["list", "retrieve", "create", "update"],
        "attributes": {
            "id": {"type": "string", **COLUMN},
            "source_order_ids": {
                "type": "array",
                "description": f"Up to {MOST_SOURCES} ids of orders, copied in this order.",
                **SENT,
            },
            "filters": {
                "type": "object",
                "description": "Instead of ids: filters as the list of orders takes them in "
                '`filter[q]`, such as `{"status_eq": "placed"}`. Every order that this list '
                "would show is copied.",
                **SENT,
            },
            "status": {
                "type": "string",
                "enum": BatchStatus.values,
                "description": "`completed` once every copy has ended, well or not; `aborted` when "
                "the batch was stopped or undone and copies of it are still stopped. `undone_at` "
                "tells the one from the other.",
                **READ,
            },
            "total_count": {"type": "integer", **COLUMN},
            **{name: {"type": "integer", **READ} for name in COUNTED},
            "errors": {
                "type": "array",
                "description": "What stands in the way: `code`, `sku_code`, `message`, and the "
                "`count` of copies that met it; the most frequent first.",
                **READ,
            },
            "started_at": {"type": "datetime", **READ_OR_NULL},
            "completed_at": {"type": "datetime", **READ_OR_NULL},
            "aborted_at": {"type": "datetime", **COLUMN_OR_NULL},
            "undone_at": {
                "type": "datetime",
                "description": "Since when the batch is undone; null again from when a copy of it "
                "is tried again.",
                **COLUMN_OR_NULL,
            },
            "undo_report": {
                "type": "object",
                "description": "What `_undo` did the last time; `left` groups what it could not "
                "take back by its reason. It has an `undone_at` once that has come to its end.",
                **READ_OR_NULL,
            },
            "who": {"type": "object", **READ},
            "created_at": {"type": "datetime", **COLUMN},
            "updated_at": {"type": "datetime", **COLUMN},
            "_abort": VERB,
            "_retry_failed": VERB,
            "_undo": VERB,
        },
        "relationships": {
            "order_copies": {
                "to": ["order_copies"],
                "many": True,
                "includable": False,
                "flags": ["filter"],
            },
            "event_stores": {
                "to": ["event_stores"],
                "many": True,
                "includable": False,
                "flags": [],
            },
        },
    }
)
LONGEST_WAIT = "SELECT set_config('lock_timeout', '2s', true)"
MOST_NAMED = 10
MOST_FILTERS = 100
LONGEST_NAME = 500


# What a batch shows


def _progress(read: Callable[[OrderCopyBatch, BatchProgress], Any]) -> Computed:
    return Computed(
        lambda batch: read(batch, BatchProgress.read(batch.progress_)),
        annotations={"progress_": PROGRESS},
    )


def _count(status: FactoryStatus) -> Computed:
    return _progress(lambda _batch, progress: progress.count(status))


def errors(batch: Any) -> list[dict[str, Any]]:
    """What stands in the way of how many of its copies, the most frequent first."""
    return [
        {
            "code": found["code"],
            "sku_code": found["sku_code"],
            "message": sentence_of_cause(found),
            "count": found["copies"],
        }
        for found in batch.causes_
    ]


# What can be done with a batch


def abort(batch: OrderCopyBatch, _value: Any, change: Change) -> None:
    """``_abort``: stop what waits; what workers have at hand they finish.

    A batch that was stopped already stays so.
    """
    progress = progress_of([batch.pk])[batch.pk]
    status = status_of(batch, progress)
    if status == BatchStatus.ABORTED or abort_batch(batch, who=change.caller.who).done:
        return
    if progress.open:
        raise locked("Workers are making all copies of this batch that have not ended.")
    message = f"cannot transition from {status} to aborted"
    raise Invalid(invalid("status", message, error="invalid_transition"))


def retry(batch: OrderCopyBatch, _value: Any, change: Change) -> None:
    """``_retry_failed``: a further attempt of each copy that failed."""
    if not retry_failed(batch, who=change.caller.who).done:
        message = "has no failed copy that could be tried again"
        raise Invalid(invalid("base", message, error="invalid_transition", where="base"))


def undo(batch: OrderCopyBatch, _value: Any, change: Change) -> None:
    """``_undo``: have workers take back what was made; ``undone_at`` says when they have.

    Meanwhile ``undo_report`` tells how far they are, and afterwards what could not be undone.
    """
    ask_to_undo(batch, who=change.caller.who)


TRIGGERS: dict[str, Trigger] = {"_abort": abort, "_retry_failed": retry, "_undo": undo}


# Which orders are meant


def choose_sources(attributes: dict[str, Any], caller: Caller) -> tuple[str, Sequence[str]]:
    """The attribute that says which orders, and their ids; takes both out of the attributes."""
    ids = attributes.pop("source_order_ids", None)
    filters = attributes.pop("filters", None)
    if ids is not None and filters is not None:
        message = "cannot be sent together with source_order_ids"
        raise Invalid(invalid("filters", message, error="exclusion"))
    if filters is not None:
        return "filters", _matching(filters, caller)
    if not ids:
        message = "can't be blank, unless there are filters"
        raise Invalid(invalid("source_order_ids", message, error="blank"))
    _check_ids(ids)
    return "source_order_ids", ids


def _check_ids(ids: Sequence[Any]) -> None:
    if len(ids) > MOST_SOURCES:
        message = f"has more than {MOST_SOURCES} ids"
        raise Invalid(invalid("source_order_ids", message, error="too_long"))
    if not all(isinstance(each, str) for each in ids):
        raise Invalid(invalid("source_order_ids", "is not a list of ids", error="invalid"))
    if twice := [each for each, times in Counter(ids).items() if times > 1]:
        message = f"names orders more than once: {_some(twice)}"
        raise Invalid(invalid("source_order_ids", message, error="taken"))


def _matching(filters: Mapping[str, Any], caller: Caller) -> list[str]:
    """The orders that the list of orders would show, in the order in which they were placed."""
    if not filters:
        raise Invalid(invalid("filters", "can't be blank", error="blank"))
    # In an address there is no room for more.
    if len(filters) > MOST_FILTERS or any(len(name) > LONGEST_NAME for name in filters):
        message = f"are more than {MOST_FILTERS}, or one is longer than {LONGEST_NAME} characters"
        raise Invalid(invalid("filters", message, error="too_long"))
    orders = registry.get("orders")
    asked = [(name, _text(name, value)) for name, value in filters.items()]
    try:
        rows = filtered(rows_of(orders, caller), asked, orders, caller)
    except BadRequest as error:
        raise BadRequest(*map(_in_body, error.problems)) from None
    ids = ids_as_placed(rows)
    if not ids:
        raise Invalid(invalid("filters", "match no order", error="not_found"))
    return ids


def _text(name: str, value: Any) -> str:
    """A filter's value as it would stand in an address."""
    if isinstance(value, list):
        texts = [_text(name, each) for each in value]
        if any("," in text for text in texts):
            message = f"has a list for {name} with a comma in one of its values"
            raise Invalid(invalid("filters", message, error="invalid"))
        return ",".join(texts)
    if value is None:
        message = f"has no value for {name}"
        raise Invalid(invalid("filters", message, error="blank"))
    return value if isinstance(value, str) else json.dumps(value)


def _in_body(problem: Problem) -> Problem:
    """What is wrong with a filter, where it was sent."""
    name = (problem.parameter or "").removeprefix("filter[q][").removesuffix("]")
    escaped = name.replace("~", "~0").replace("/", "~1")
    pointer = f"/data/attributes/filters/{escaped}"
    return Problem(problem.title, problem.detail, problem.code, pointer, meta=problem.meta)


def _some(ids: Sequence[str]) -> str:
    rest = len(ids) - MOST_NAMED
    named = ", ".join(ids[:MOST_NAMED])
    return f"{named} and {rest} more" if rest > 0 else named


@registry.register
class OrderCopyBatches(ShopResource):
    """Batches of copies; all their figures are counted from the copies."""

    type = "order_copy_batches"
    model = OrderCopyBatch
    contract = Contract(
        resource=FACTS.resource,
        actions=FACTS.actions,
        attributes={
            **FACTS.attributes,
            **asked_with("update", "fetch", "filter", "sort", "nullable"),
        },
        relationships=FACTS.relationships,
    )
    write_only = frozenset({"source_order_ids", "filters"})
    computed = {
        "status": _progress(lambda batch, progress: status_of(batch, progress).value),
        **{name: _count(status) for name, status in COUNTED.items()},
        "errors": Computed(errors, annotations={"causes_": CAUSES_OF_A_BATCH}),
        "started_at": _progress(lambda _batch, progress: progress.started_at),
        "completed_at": _progress(lambda _batch, progress: progress.ended_at),
    }
    relations = {
        "order_copies": to_many("batch"),
        "event_stores": about("order_copy_batches"),
    }
    triggers = TRIGGERS

    def create(self, change: Change) -> str:
        options, rest = split_options(change.attributes)
        said_by, source_ids = choose_sources(rest, change.caller)
        try:
            batch = create_batch(
                source_ids, mode=change.caller.mode, options=options, who=change.caller.who, **rest
            )
        except SourcesNotFound as error:
            message = f"names orders that do not exist: {_some(error.source_ids)}"
            raise Invalid(invalid(said_by, message, error="not_found")) from None
        return batch.pk

    def lock(self, rows: QuerySet[Any], pk: str) -> Any:
        """Whoever comes while somebody else changes it is told so after a moment.

        Long enough that a worker lets go of a batch that it undoes, which it does time and again.
        """
        execute(LONGEST_WAIT)
        return super().lock(rows, pk)


registry.add_relations(
    "order_copies",
    {"order_copy_batch": to_one("batch")},
    ours={
        "order_copy_batch": RelationshipFacts(
            "order_copy_batch", ("order_copy_batches",), frozenset({"filter", "sort"})
        )
    },
)
