"""What can be wrong with a file, and how it is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Sentence(str):
    """Words in English that a page can say in another language; ``said`` makes them.

    ``names`` is what stands in the ``template``, other sentences among it.
    """

    template: str
    names: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        names = {
            name: value.as_json() if isinstance(value, Sentence) else value
            for name, value in self.names.items()
        }
        return {"template": self.template, "names": names}


def said(template: str, /, **names: Any) -> Sentence:
    """Say something: ``said("%(value)s is negative", value="-3")``."""
    sentence = Sentence(template % names if names else template)
    sentence.template, sentence.names = template, names
    return sentence


@dataclass(frozen=True)
class Problem:
    """Something that kept a part of the file (or all of it) out, in words for an operator."""

    file: str
    message: str
    # The same without what only somebody at a terminal can do about it.
    plain: Sentence
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f", line {self.line}"
        if self.column is not None:
            where += f', column "{self.column}"'
        return f"{where}: {self.message}"

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
        }


class FileRefused(Exception):
    """The file cannot be read, or not any further."""

    def __init__(
        self,
        message: Sentence,
        *,
        line: int | None = None,
        column: str | None = None,
        at_a_terminal: str = "",
    ) -> None:
        super().__init__(message + at_a_terminal)
        self.message = message + at_a_terminal
        self.plain = message
        self.line = line
        self.column = column


class RowRefused(FileRefused):
    """A row, and with it the order or the variant it belongs to, does not come in."""
