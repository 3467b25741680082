"""What is measured: the engine, and the ways to copy an order that it is compared with."""

from collections.abc import Sequence
from typing import Protocol


class Subject(Protocol):
    """A way to copy orders."""

    name: str

    def prepare(self, source_ids: Sequence[str]) -> None:
        """Whatever has to be there before; this is not measured."""

    def copy(self, source_ids: Sequence[str]) -> None:
        """Copy the orders, so that the copies are committed in the end; this is measured."""
