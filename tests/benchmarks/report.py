"""The table on the terminal, and ``bench.json`` for whoever compares one run with another."""

import json
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measuring import Figure
from tests.benchmarks.targets import Target

COLOURS = {"reached": "green", "missed": "red", "not measured": "yellow"}


def print_figures(figures: Iterable[Figure], console: Console) -> None:
    table = Table("case", "subject", title="What was measured")
    for heading in ("p50 ms", "p95 ms", "per second", "statements", "× engine"):
        table.add_column(heading, justify="right")
    previous = None
    for row in figures:
        if previous not in (None, row.case):
            table.add_section()
        table.add_row(
            "" if row.case == previous else row.case,
            row.subject,
            f"{row.p50_ms:,.2f}",
            f"{row.p95_ms:,.2f}",
            f"{row.per_second:,.1f}",
            "" if row.statements is None else f"{row.statements:,}",
            "" if row.ratio_to_engine is None else f"{row.ratio_to_engine:.2f}",
        )
        previous = row.case
    console.print(table)


def print_targets(targets: Iterable[Target], console: Console) -> None:
    table = Table("target", title="What is promised")
    for heading in ("wanted", "measured"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for target in targets:
        wanted = "" if target.bound is None else f"{target.sign} {target.bound:,g}"
        measured = "" if target.reached is None else f"{target.reached:,.2f}"
        colour = COLOURS[target.verdict]
        table.add_row(target.words, wanted, measured, f"[{colour}]{target.verdict}[/]")
    console.print(table)


def write_json(figures: Iterable[Figure], path: Path) -> None:
    path.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n")
