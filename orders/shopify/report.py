"""What came of an import: counted on the way, told at the end to a person or to a script."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from orders.shopify.cells import plain_amount
from orders.shopify.problems import FileRefused, Problem

# All problems are shown as they are met; a report keeps no more than this many, to stay small.
MOST_PROBLEMS = 10_000
MOST_NAMES = 20
MOST_NAMES_IN_A_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Creation:
    """Something that the file needs and that was not there: one of ``markets``, say."""

    resource_type: str
    name: str


@dataclass
class Report(ABC):
    """What every import has to tell."""

    file: str
    mode: str
    dry_run: bool = False
    interrupted: bool = False
    refused: int = 0
    read_to_line: int = 0
    created: Counter[str] = field(default_factory=Counter)
    names: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0

    @property
    def failed(self) -> bool:
        return self.interrupted or self.problem_count > 0

    def add_creations(self, creations: Iterable[Creation]) -> None:
        for creation in creations:
            self.created[creation.resource_type] += 1
            names = self.names.setdefault(creation.resource_type, [])
            if len(names) < MOST_NAMES:
                names.append(creation.name)

    def add_problem(self, refused: FileRefused) -> Problem:
        problem = Problem(self.file, refused.message, refused.plain, refused.line, refused.column)
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        return problem

    @property
    def by_line(self) -> list[Problem]:
        """The problems as they stand in the file; some are found only once all was read."""
        return sorted(self.problems, key=lambda problem: problem.line or 0)

    @property
    @abstractmethod
    def changes(self) -> int:
        """How many rows of its main table it wrote."""

    @abstractmethod
    def counts(self) -> dict[str, Any]:
        """The figures of this kind of import, for scripts."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """The same figures, for people."""

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "mode": self.mode,
            "dry_run": self.dry_run,
            "interrupted": self.interrupted,
            **self.counts(),
            "created": dict(self.created),
            "errors_count": self.problem_count,
            "errors": [problem.as_json() for problem in self.by_line],
        }

    @property
    def nothing_read(self) -> bool:
        """Whether the file was refused as a whole."""
        return self.problem_count > 0 and not (self.refused or self.read_to_line)

    def as_text(self) -> str:
        if self.nothing_read:
            return f"{self.file}, {self.mode} mode: nothing was imported"
        lines = [f"{self.file}, {self.mode} mode:", *self.sentences()]
        if self.created:
            lines.append("made what was not there yet: " + ", ".join(self._creations()))
        if self.interrupted:
            how_far = f"after line {self.read_to_line:,}" if self.read_to_line else "at the start"
            lines.append(f"interrupted {how_far}; run it again to go on")
        if self.dry_run:
            lines.append("dry run: this is what would happen, nothing was changed")
        return "\n  ".join(lines)

    def _creations(self) -> Iterable[str]:
        for resource_type, number in self.created.items():
            noun = resource_type.replace("_", " ").removesuffix("s")
            names = self.names[resource_type]
            if number > MOST_NAMES_IN_A_SENTENCE:
                yield counted(number, noun)
            else:
                told = ", ".join(f"“{name}”" for name in names)
                yield f"{noun if number == 1 else plural(noun)} {told}"


def plural(noun: str) -> str:
    return f"{noun}s"


def counted(number: int, noun: str) -> str:
    """``1 order``, ``2,082 orders``."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


@dataclass
class OrdersReport(Report):
    imported: int = 0
    already_there: int = 0
    lines: int = 0
    lines_without_sku: int = 0
    totals: Counter[str] = field(default_factory=Counter)

    @property
    def changes(self) -> int:
        return self.imported

    def counts(self) -> dict[str, Any]:
        return {
            "orders": {
                "imported": self.imported,
                "already_there": self.already_there,
                "refused": self.refused,
            },
            "lines": {"imported": self.lines, "without_sku": self.lines_without_sku},
            "totals": self._plain_totals(),
        }

    def sentences(self) -> list[str]:
        told = [f"{counted(self.imported, 'order')} imported"]
        if self.imported:
            sums = ", ".join(f"{total} {code}" for code, total in self._plain_totals().items())
            told[0] += f" with {counted(self.lines, 'line')}, {sums} together"
        if self.lines_without_sku:
            told.append(f"{counted(self.lines_without_sku, 'line')} without a SKU of the shop")
        if self.already_there:
            told.append(f"{counted(self.already_there, 'order')} already there, left unchanged")
        if self.refused:
            told.append(f"{counted(self.refused, 'order')} refused")
        return told

    def _plain_totals(self) -> dict[str, str]:
        return {code: plain_amount(cents, code) for code, cents in sorted(self.totals.items())}


@dataclass
class ProductsReport(Report):
    currency: str = ""
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    disabled: int = 0
    skipped: int = 0
    skipped_first: list[dict[str, str | int]] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return self.new + self.updated

    def add_skipped(self, line: int, name: str) -> None:
        """A variant that has no SKU code."""
        self.skipped += 1
        if len(self.skipped_first) < MOST_PROBLEMS:
            self.skipped_first.append({"line": line, "name": name})

    def counts(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "skus": {
                "created": self.new,
                "updated": self.updated,
                "unchanged": self.unchanged,
                "disabled": self.disabled,
                "refused": self.refused,
                "without_code": self.skipped,
            },
            "without_code": self.skipped_first,
        }

    def sentences(self) -> list[str]:
        new = counted(self.new, "SKU")
        told = [f"{new} created, {self.updated:,} updated, {self.unchanged:,} unchanged"]
        told[0] += f"; prices in {self.currency}"
        if self.disabled:
            told.append(f"{counted(self.disabled, 'SKU')} disabled, as the product is not active")
        if self.skipped:
            lines = ", ".join(str(skipped["line"]) for skipped in self.skipped_first[:MOST_NAMES])
            more = ", …" if self.skipped > MOST_NAMES else ""
            told.append(
                f"{counted(self.skipped, 'variant')} without a SKU code left out: "
                f"line {lines}{more}"
            )
        if self.refused:
            told.append(f"{counted(self.refused, 'variant')} refused")
        return told
