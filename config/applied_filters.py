"""What a list is narrowed down to, in words, with the way to take each filter off again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.validators import EMPTY_VALUES
from django.utils.text import capfirst

# Stands for an end of a range that was left open.
OPEN_END = "…"


@dataclass(frozen=True)
class Applied:
    """One filter that is set; ``without`` is the list's address once it is taken off."""

    title: str
    value: str
    without: str


def applied_filters(changelist: Any) -> list[Applied]:
    """The filters of a list that are set, in the order in which they are offered."""
    return [
        Applied(
            capfirst(str(spec.title)),
            _value_in_words(spec, changelist),
            changelist.get_query_string(dict.fromkeys(spec.expected_parameters())),
        )
        for spec in changelist.filter_specs
        if any(value not in ([""], *EMPTY_VALUES) for value in spec.used_parameters.values())
    ]


def _value_in_words(spec: Any, changelist: Any) -> str:
    values = [value for choice in spec.choices(changelist) for value in _said_by(choice)]
    return " – ".join(value or OPEN_END for value in values)


def _said_by(choice: dict[str, Any]) -> Iterator[str]:
    """What a choice of Django's that is selected is called, or what a form of unfold's holds."""
    form = choice.get("form")
    if form is None:
        if choice["selected"]:
            yield str(choice["display"])
        return
    for name, field in form.fields.items():
        given = form.data.get(name) or ""
        words = {str(value): words for value, words in getattr(field, "choices", ())}
        yield str(words.get(str(given), given))
