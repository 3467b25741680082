"""What OpenAPI has no words for, told to schemathesis.

It loads this file by itself (SCHEMATHESIS_HOOKS), in a process of its own without Django.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import schemathesis
from hypothesis import strategies as st

FILTER = re.compile(r"filter\[q\]\[(.*)\]", re.DOTALL)
FILTER_PATTERN = re.compile(r"/properties/filter\[q\]/patternProperties/(.*)", re.DOTALL)
FLAGS = {"true", "false", "1", "0"}
LIST_PATTERN = re.compile(r"/properties/(sort|include)(/.*)?", re.DOTALL)
NOTHING: tuple[Any, ...] = (None, [], {})

# Times that PostgreSQL has whatever the zone; the formats are those of values in an address.
seconds = st.integers(-2_000_000_000, 7_000_000_000)
moments = seconds.map(lambda each: datetime.fromtimestamp(each, UTC).isoformat())
objects = st.dictionaries(st.text("abc", max_size=3), st.integers() | st.booleans(), max_size=2)
schemathesis.openapi.format("date-time", moments)
schemathesis.openapi.format(
    "date-time-list", st.lists(moments, min_size=1, max_size=3).map(",".join)
)
schemathesis.openapi.format("json-object", objects.map(json.dumps))


def is_positive(case: Any) -> bool:
    return bool(case.meta and case.meta.generation.mode.is_positive)


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    return not (is_nothing_wrong(case) or is_nothing_wrong_sent(case) or is_another_fieldset(case))


def is_nothing_wrong(case: Any) -> bool:
    """An empty list or object leaves no trace in an address, so nothing wrong would be sent."""
    return not is_positive(case) and any(map(has_nothing, (case.query or {}).values()))


def has_nothing(value: Any) -> bool:
    """Whether a value is nothing, or has nothing somewhere inside."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value in NOTHING or any(map(has_nothing, inside))


def is_nothing_wrong_sent(case: Any) -> bool:
    """Whether all that was to be wrong is not sent, or looks right when it is.

    A filter is one of a pattern, so it may be missing; true and ``"true"`` are one in an address,
    and an empty list of sorts or includes is right whatever it may not hold.
    """
    changes = getattr(case.meta.phase.data, "mutations", ()) if case.meta else ()
    filters = {
        found[1]: value
        for name, value in (case.query or {}).items()
        if (found := FILTER.fullmatch(name))
    }
    return bool(changes) and not any(
        is_sent_wrong(change, case.query or {}, filters) for change in changes
    )


def is_sent_wrong(change: Any, query: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    if listed := LIST_PATTERN.fullmatch(change.schema_pointer):
        return query.get(listed[1], "") != ""
    pattern = FILTER_PATTERN.fullmatch(change.schema_pointer)
    if pattern is None:
        return True
    values = [value for name, value in filters.items() if re.search(pattern[1], name)]
    if "enum" in change.keywords:
        values = [value for value in values if str(value).lower() not in FLAGS]
    return bool(values)


def is_another_fieldset(case: Any) -> bool:
    """All fieldsets of all types at each address would be four of five requests.

    One list goes through them; whatever is asked, the same function reads them.
    """
    phase = case.meta.phase if case.meta else None
    return (
        phase is not None
        and phase.name.value == "coverage"
        and phase.data.parameter == "fields"
        and (case.operation.method, case.operation.path) != ("get", "/api/orders")
    )


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Relations between parts of a request, which no schema can express."""
    if not is_positive(case):
        return
    if case.query:
        # A cursor is the id of an entry of that very list.
        case.query.pop("page[after]", None)
    if case.operation.method == "patch" and isinstance(case.body, dict):
        # The resource object names the resource that the address names.
        case.body["data"]["id"] = case.path_parameters["id"]
