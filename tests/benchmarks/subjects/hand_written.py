"""The two subjects in hand-written SQL: only the rows, and all that the engine does besides."""

from collections.abc import Sequence

import psycopg
from psycopg.types.json import Jsonb

from orders.ids import new_id
from tests.benchmarks.subjects import hand_sql
from tests.benchmarks.subjects.asking import ask_for_copies

BATCH_SIZE = 100
WORKER = "floor"


class HandWritten:
    """A subject with a connection of its own, on which every statement is prepared."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.statements = 0

    def _run(self, sql: str, *params: object) -> psycopg.Cursor:
        self.statements += 1
        return self.connection.execute(sql, params)


class RowsOnly(HandWritten):
    """Inserts the target's rows, and knows nothing of copies, checks and events."""

    name = "rows_only"

    def prepare(self, source_ids: Sequence[str]) -> None:
        """Nobody has to ask for anything first."""

    def copy(self, source_ids: Sequence[str]) -> None:
        for start in range(0, len(source_ids), BATCH_SIZE):
            sources = list(source_ids[start : start + BATCH_SIZE])
            targets = [new_id() for _ in sources]
            with self.connection.pipeline(), self.connection.transaction():
                self._run(hand_sql.ORDER_ROWS_ONLY, sources, targets)
                self._run(hand_sql.LINE_ROWS, sources, targets)


class Floor(HandWritten):
    """Does what the engine does for plain copies: the least that such a copy can cost.

    It knows no other kind. Where anything stands in a copy's way, it gives up.
    """

    name = "floor"

    def prepare(self, source_ids: Sequence[str]) -> None:
        ask_for_copies(source_ids)

    def copy(self, source_ids: Sequence[str]) -> None:
        left = len(source_ids)
        while left:
            left -= self._run_batch()

    def _run_batch(self) -> int:
        claimed = [row[0] for row in self._run(hand_sql.CLAIM, BATCH_SIZE, WORKER)]
        with self.connection.pipeline(), self.connection.transaction():
            held = self._run(hand_sql.HOLD_AND_CHECK, claimed).fetchall()
            if len(held) != len(claimed) or not all(copyable for *_, copyable in held):
                raise RuntimeError("the floor copies only what nothing stands in the way of")
            copies, sources, _ = (list(column) for column in zip(*held, strict=True))
            targets = [new_id() for _ in held]
            self._run(
                hand_sql.ORDERS_AND_ALL_THAT_IS_SAID_ABOUT_THEM,
                *(sources, targets),
                *(Jsonb({"worker": WORKER}), copies, sources, targets),
            )
            self._run(hand_sql.LINE_ROWS, sources, targets)
        return len(held)
