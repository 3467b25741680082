"""What every suite has: the parts that are wanted, and a word about what is being done."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console


@dataclass(kw_only=True)
class Steps:
    """A run of a suite, or of those of its parts that were named."""

    only: Collection[str]
    console: Console = field(default_factory=lambda: Console(width=120))

    def wants(self, *parts: str) -> bool:
        """Whether any of these is to be measured: all are, unless some were named."""
        return not self.only or any(part in self.only for part in parts)

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """Say what is being done, and how long it took."""
        began = time.perf_counter()
        self.console.print(f"{words} …", end=" ", highlight=False)
        yield
        self.console.print(f"{time.perf_counter() - began:.0f} s", highlight=False)
