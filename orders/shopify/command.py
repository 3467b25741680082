"""What the two import commands share: their options, and how they tell what happened."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TimeRemainingColumn

from config.cli.command import INTERRUPTED, OperatorCommand
from config.cli.output import clean
from orders.shopify.problems import Problem
from orders.shopify.report import Report
from orders.shopify.watch import Watch

FAILED = 1
# Before that, a bar would only flicker.
BAR_AFTER_SECONDS = 1.0


class Terminal:
    """Tells an operator what is wrong at once, and how far it is where there is a terminal."""

    def __init__(self, errors: OutputWrapper, *, quiet: bool) -> None:
        self.errors = errors
        self.quiet = quiet
        self.started = time.monotonic()
        console = Console(stderr=True)
        self.bar = Progress(
            "[progress.description]{task.description}",
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self.task: TaskID | None = None

    def progress(self, done: int, whole: int) -> None:
        if self.task is None:
            if time.monotonic() - self.started < BAR_AFTER_SECONDS:
                return
            self.bar.start()
            self.task = self.bar.add_task("reading", total=whole)
        self.bar.update(self.task, completed=done, total=whole)

    def problem(self, problem: Problem) -> None:
        if self.quiet:
            return
        line = clean(problem)
        if self.task is None or self.bar.disable:
            self.errors.write(line)
        else:
            self.bar.console.print(line, style="red", markup=False, highlight=False)

    def close(self) -> None:
        self.bar.stop()


class ImportCommand(OperatorCommand):
    """A command that reads one export; a kind of export names its examples and its import."""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="the CSV file from Shopify")
        parser.add_argument(
            "--market",
            metavar="CODE_OR_NAME",
            dest="market_name",
            help="the market it belongs to (without it: one with the right currency, "
            "made when there is none)",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would happen and change nothing"
        )

    def read_file(self, path: Path, *, watch: Watch, **options: Any) -> Report:
        """Run the import that the command is for."""
        raise NotImplementedError

    def run(self, **options: Any) -> None:
        terminal = Terminal(self.stderr, quiet=self.in_json)
        try:
            report = self.read_file(options["file"], watch=terminal, **options)
        finally:
            terminal.close()
        self.answer(report.as_json())
        self.say(*map(clean, report.as_text().splitlines()))
        if report.failed:
            sys.exit(INTERRUPTED if report.interrupted else FAILED)
