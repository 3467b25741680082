"""All predicates as a table: a few words for each, and the forms that go with them.

Each base predicate is one lookup, maybe negated. ``_any`` and ``_all`` take a list and ask for one
or each of its values; ``_or_null`` lets rows through that have no value at all, which comparing
leaves out otherwise.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import CharField, Lookup, Q, TextField

Make = Callable[[str, Any], Q]


@CharField.register_lookup
@TextField.register_lookup
class Matches(Lookup):
    """SQL's own LIKE, with the client's ``%`` and ``_``."""

    lookup_name = "sql_like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_params, *right_params)


def _is(lookup: str) -> Make:
    return lambda column, value: Q(**{f"{column}__{lookup}": value})


def _is_null(column: str, _value: Any) -> Q:
    return Q(**{f"{column}__isnull": True})


def _is_blank(column: str, value: Any) -> Q:
    """``value`` is what counts as empty besides nothing, or None."""
    nothing = _is_null(column, None)
    return nothing if value is None else nothing | Q(**{f"{column}__exact": value})


def _matches(column: str, value: str) -> Q:
    """A backslash at the end escapes nothing, which SQL refuses: here it stands for itself."""
    at_the_end = len(value) - len(value.rstrip("\\"))
    return Q(**{f"{column}__sql_like": value + "\\" * (at_the_end % 2)})


@dataclass(frozen=True)
class Predicate:
    """What is asked of a column.

    ``takes`` is the type of its value: ``own`` (the attribute's), ``string``, ``boolean`` (yes or
    no to the question itself) or ``object``; ``only`` are the types of attributes that it is for.
    """

    make: Make
    negated: bool = False
    takes: str = "own"
    many: bool = False
    combine: Callable[[Q, Q], Q] | None = None
    or_null: bool = False
    only: frozenset[str] | None = None

    @property
    def admits_absence(self) -> bool:
        """Whether a resource passes that has nothing where the attribute would be."""
        return self.or_null or self.make in {_is_null, _is_blank}

    def condition(self, column: str, value: Any, kind: str) -> Q:
        """The condition on a column of that type; ``value`` may be a list of several."""
        if self.takes == "boolean":
            asked = self.make(column, EMPTY.get(kind))
            return asked if value is not self.negated else ~asked
        if self.combine:
            found = reduce(self.combine, (self._one(column, each) for each in value))
        else:
            found = self._one(column, value)
        if self.or_null:
            return found | _is_null(column, None)
        return found & Q(**{f"{column}__isnull": False}) if self.negated else found

    def _one(self, column: str, value: Any) -> Q:
        return ~self.make(column, value) if self.negated else self.make(column, value)


TEXT = frozenset({"string"})
ORDERED = frozenset({"string", "integer", "float", "datetime"})
SCALAR = ORDERED | {"boolean"}
# What is as good as nothing.
EMPTY: dict[str, Any] = {"string": "", "object": {}}


def _equals(*, flag: bool) -> Make:
    return lambda column, _value: Q(**{f"{column}__exact": flag})


# name -> predicate; those of the second table also come with _any and _all.
QUESTIONS = {
    "present": Predicate(_is_blank, takes="boolean", negated=True),
    "blank": Predicate(_is_blank, takes="boolean"),
    "null": Predicate(_is_null, takes="boolean"),
    "not_null": Predicate(_is_null, takes="boolean", negated=True),
    "true": Predicate(_equals(flag=True), takes="boolean", only=frozenset({"boolean"})),
    "false": Predicate(_equals(flag=False), takes="boolean", only=frozenset({"boolean"})),
    "jcont": Predicate(_is("contains"), takes="object", only=frozenset({"object"})),
}
SETS = {
    "in": Predicate(_is("in"), many=True, only=SCALAR),
    "not_in": Predicate(_is("in"), many=True, negated=True, only=SCALAR),
}
COMPARISONS = {
    "eq": Predicate(_is("exact"), only=SCALAR),
    "not_eq": Predicate(_is("exact"), negated=True, only=SCALAR),
    "lt": Predicate(_is("lt"), only=ORDERED),
    "lteq": Predicate(_is("lte"), only=ORDERED),
    "gt": Predicate(_is("gt"), only=ORDERED),
    "gteq": Predicate(_is("gte"), only=ORDERED),
    "matches": Predicate(_matches, only=TEXT),
    "does_not_match": Predicate(_matches, negated=True, only=TEXT),
    "start": Predicate(_is("startswith"), only=TEXT),
    "not_start": Predicate(_is("startswith"), negated=True, only=TEXT),
    "end": Predicate(_is("endswith"), only=TEXT),
    "not_end": Predicate(_is("endswith"), negated=True, only=TEXT),
    "cont": Predicate(_is("contains"), only=TEXT),
    "not_cont": Predicate(_is("contains"), negated=True, only=TEXT),
    "i_cont": Predicate(_is("icontains"), only=TEXT),
    "not_i_cont": Predicate(_is("icontains"), negated=True, only=TEXT),
}


def _forms() -> Iterator[tuple[str, Predicate]]:
    yield from QUESTIONS.items()
    for name, predicate in {**SETS, **COMPARISONS}.items():
        forms = {name: predicate}
        if name in COMPARISONS:
            forms[f"{name}_any"] = replace(predicate, many=True, combine=or_)
            forms[f"{name}_all"] = replace(predicate, many=True, combine=and_)
        for form, found in forms.items():
            yield form, found
            yield f"{form}_or_null", replace(found, or_null=True)


PREDICATES = dict(_forms())
# The longest first: ``not_eq`` also ends with ``eq``.
NAMES_BY_LENGTH = sorted(PREDICATES, key=len, reverse=True)


def split_predicate(name: str) -> Iterable[tuple[str, str]]:
    """All ways to take a predicate off the end of a name, the longest predicate first."""
    for predicate in NAMES_BY_LENGTH:
        if name.endswith(f"_{predicate}"):
            yield name.removesuffix(f"_{predicate}"), predicate
