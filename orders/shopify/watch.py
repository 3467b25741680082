"""Looking on while an import runs."""

from typing import Protocol

from orders.shopify.problems import Problem


class Watch(Protocol):
    """Somebody to tell how far it is and what is wrong, as soon as it is known."""

    def progress(self, done: int, whole: int) -> None:
        """Bytes of the file."""

    def problem(self, problem: Problem) -> None: ...


class Unwatched:
    """Nobody looks on; the report says it all."""

    def progress(self, done: int, whole: int) -> None: ...

    def problem(self, problem: Problem) -> None: ...
