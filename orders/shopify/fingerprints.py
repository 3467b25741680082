"""Telling whether two places of a file say exactly the same."""

from collections.abc import Sequence
from hashlib import blake2b

from orders.shopify.reading import Row


def fingerprint(rows: Sequence[Row]) -> bytes:
    """The same for the same cells, and for nothing else."""
    digest = blake2b(digest_size=16)
    for row in rows:
        digest.update("\x1f".join(row.cells).encode())
        digest.update(b"\x1e")
    return digest.digest()
