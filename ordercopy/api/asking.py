"""What asking for copies has in common, be it for one, for a preview or for a batch."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from config.jsonapi.contract_files import AttributeFacts, contract_of
from config.jsonapi.errors import Invalid, invalid
from ordercopy.copies import SourcesNotFound
from ordercopy.options import OPTION_NAMES, CopyOptions

CREATE = "create"


def asked_with(*flags: str) -> dict[str, AttributeFacts]:
    """What the contract lets an order copy be asked for with; ``flags`` are those to be kept."""
    return {
        name: replace(facts, flags=facts.flags & {CREATE, *flags})
        for name, facts in contract_of("order_copies").attributes.items()
        if CREATE in facts.flags
    }


def split_options(attributes: Mapping[str, Any]) -> tuple[CopyOptions, dict[str, Any]]:
    """The options among attributes that were sent, and the rest."""
    options = {name: attributes[name] for name in OPTION_NAMES if name in attributes}
    rest = {name: value for name, value in attributes.items() if name not in options}
    return CopyOptions(**options), rest


@contextmanager
def source_exists() -> Iterator[None]:
    """A source that somebody deletes at this very moment is refused like one that never was."""
    try:
        yield
    except SourcesNotFound:
        raise Invalid(
            invalid("source_order", "must exist", error="not_found", where="relationships")
        ) from None
