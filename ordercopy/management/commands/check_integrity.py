"""`manage.py check_integrity`: proves that the data keeps what the product promises."""

from argparse import ArgumentParser
from typing import Any

from config.cli.output import clean, number_of
from ordercopy.cli.command import Failed, OperatorCommand
from ordercopy.cli.progress import spinner
from ordercopy.integrity import checks
from orders.integrity import Broken, Check, broken_rows
from orders.models import Mode


class Command(OperatorCommand):
    name = "check_integrity"
    help = "Verify every promise about the data, over the whole database, and name what breaks one."
    examples = """\
  manage.py check_integrity
  manage.py check_integrity --mode live             name only rows of live data
  manage.py check_integrity --json | jq '.checks[] | select(.broken != [])'

It only reads, and may run at any time. It looks at every order and every line: on millions of them
it takes minutes. The exit code is 1 when a row breaks a promise; a warning alone leaves it at 0.
"""

    def add_mode(self, parser: ArgumentParser) -> None:
        """Look at all data unless told otherwise: a promise broken in live data is no less so."""
        parser.add_argument(
            "--mode",
            choices=Mode.values,
            help="name only rows of this mode, and what belongs to none (without it: both)",
        )

    def run(self, **options: Any) -> None:
        documents, broken, warnings = [], 0, 0
        for check in checks():
            rows = self._run_check(check, mode=options["mode"])
            documents.append(_document(check, rows))
            if check.warning:
                warnings += len(rows)
            else:
                broken += len(rows)
        self.answer({"ok": not broken, "broken": broken, "warnings": warnings, "checks": documents})
        if broken:
            raise Failed(f"Promises are broken, by {number_of(broken, 'row')} in all.")
        look = f", {number_of(warnings, 'warning')}" if warnings else ""
        self.say(f"{number_of(len(documents), 'promise')} checked, none is broken{look}.")

    def _run_check(self, check: Check, *, mode: str | None) -> list[Broken]:
        with spinner(f"checking {check.name}"):
            rows = [row for row in broken_rows(check) if mode in {None, row.mode or mode}]
        verdict = "ok" if not rows else "WARNING" if check.warning else "BROKEN"
        self.say(f"{verdict:8} {check.name:18} {check.promise}")
        self.say(*(f"         {_line(row)}" for row in rows))
        return rows


def _line(row: Broken) -> str:
    name = " ".join(part for part in (row.name, f"({row.id})" if row.id else None) if part)
    return clean(f"{row.resource} {name}{f' in {row.mode}' if row.mode else ''}: {row.what}")


def _document(check: Check, rows: list[Broken]) -> dict[str, Any]:
    return {
        "name": check.name,
        "promise": check.promise,
        "severity": "warning" if check.warning else "error",
        "broken": [vars(row) for row in rows],
    }
