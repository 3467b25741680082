"""What the file has told so far, kept in a temporary table: a million orders fill no memory."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from orders.shopify.table_copy import copy_into
from orders.statements import execute

FORGET = "DROP TABLE IF EXISTS pg_temp.seen_in_import"
PREPARE = """
CREATE TEMPORARY TABLE seen_in_import (
    key text PRIMARY KEY,
    line bigint NOT NULL,
    fingerprint bytea NOT NULL
)
"""
RECALL = "SELECT key, line, fingerprint FROM pg_temp.seen_in_import WHERE key = ANY(%s::text[])"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where in the file something stood, and what exactly it said."""

    line: int
    fingerprint: bytes


class Seen:
    """Sightings by key; they come and go with the transaction in which they were remembered."""

    def recall(self, keys: Iterable[str]) -> dict[str, Sighting]:
        return {
            key: Sighting(line, bytes(fingerprint))
            for key, line, fingerprint in execute(RECALL, [list(keys)])
        }

    def remember(self, sightings: Sequence[tuple[str, Sighting]]) -> None:
        copy_into(
            "seen_in_import",
            ("key", "line", "fingerprint"),
            [(key, sighting.line, sighting.fingerprint) for key, sighting in sightings],
        )


@contextmanager
def remembering() -> Iterator[Seen]:
    """A fresh memory for one run over a file."""
    execute(FORGET)
    execute(PREPARE)
    yield Seen()
    execute(FORGET)
