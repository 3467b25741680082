"""How resources hang together: each kind of relation knows how to find and load the other side.

Everything is narrowed by the queryset that is handed in, which knows the mode and what the caller
may see; a relation never makes a queryset of the other side by itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, ClassVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

Loaded = dict[Any, list[Any]]


@dataclass(frozen=True)
class Relation:
    """Two columns that are equal: ``here`` on the one side, ``there`` on the other.

    ``where`` holds for all rows of the other side. ``to`` are the types that it really leads to,
    where the contract names more; they have to be in one table.
    """

    here: str
    there: str
    where: Mapping[str, Any] = field(default_factory=dict)
    to: tuple[str, ...] | None = None
    # How the related list is sorted if nobody says, where that is not as the resource always is.
    order: Sequence[str] = ()
    # Whether rows that are found here know more than the same rows found elsewhere.
    tells_more: ClassVar[bool] = False

    def meta_of(self, row: Any) -> dict[str, Any]:
        """What the ``meta`` of a row in the related list says beside the usual."""
        return {}

    def rows_of(self, parent: Model, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the other side that belong to one resource."""
        value = getattr(parent, self.here)
        return rows.none() if value is None else rows.filter(**{self.there: value}, **self.where)

    def load(self, parents: Sequence[Model], rows: QuerySet[Any]) -> Loaded:
        """The rows of the other side for many resources at once, by their primary keys."""
        values = {getattr(parent, self.here) for parent in parents} - {None}
        found = defaultdict(list)
        if "__" in self.there:
            rows = rows.select_related(self.there.rpartition("__")[0])
        read = attrgetter(self.there.replace("__", "."))
        if values:
            for row in rows.filter(**{f"{self.there}__in": values}, **self.where):
                found[read(row)].append(row)
        return {parent.pk: found.get(getattr(parent, self.here), []) for parent in parents}

    def where_some(self, condition: Q, rows: QuerySet[Any]) -> Q:
        """True of resources with a row on the other side for which ``condition`` is true."""
        related = rows.filter(**{self.there: OuterRef(self.here)}, **self.where)
        return Q(Exists(related.filter(condition).order_by()))

    def always_leads_somewhere(self, model: type[Model]) -> bool:
        """Whether a resource cannot be without the other side, as its column is never null."""
        columns = {each.attname: each for each in model._meta.concrete_fields}
        return self.there == "pk" and self.here in columns and not columns[self.here].null

    def where_none(self, rows: QuerySet[Any]) -> Q:
        """True of resources with nothing on the other side."""
        if self.there == "pk":
            return Q(**{f"{self.here.removesuffix('_id')}__isnull": True})
        return ~self.where_some(Q(), rows)

    @property
    def sortable(self) -> F | Cast | None:
        """The id of the other side, where it is a column of this one."""
        return F(self.here) if self.there == "pk" else None

    @property
    def parts(self) -> "Sequence[Relation]":
        """One relation for each table that this one leads into."""
        return (self,)


@dataclass(frozen=True)
class Through(Relation):
    """Many-to-many: ``join`` holds the pairs, ``mine`` and ``its`` are its columns."""

    join: Any = None
    mine: str = ""
    its: str = ""

    def rows_of(self, parent: Model, rows: QuerySet[Any]) -> QuerySet[Any]:
        pairs = self.join._default_manager.filter(**{self.mine: parent.pk})
        return rows.filter(pk__in=pairs.values(self.its))

    def load(self, parents: Sequence[Model], rows: QuerySet[Any]) -> Loaded:
        pairs = self.join._default_manager.filter(
            **{f"{self.mine}__in": [parent.pk for parent in parents]}
        ).values_list(self.mine, self.its)
        owners = defaultdict(list)
        for mine, its in pairs:
            owners[its].append(mine)
        found: Loaded = {parent.pk: [] for parent in parents}
        for row in rows.filter(pk__in=list(owners)) if owners else ():
            for owner in owners[row.pk]:
                found[owner].append(row)
        return found

    def where_some(self, condition: Q, rows: QuerySet[Any]) -> Q:
        pairs = self.join._default_manager.filter(
            **{self.mine: OuterRef("pk"), f"{self.its}__in": rows.filter(condition).values("pk")}
        )
        return Q(Exists(pairs))

    def where_none(self, rows: QuerySet[Any]) -> Q:
        return ~self.where_some(Q(), rows)


@dataclass(frozen=True)
class OneOf(Relation):
    """A to-one whose other side is in one of several tables; see ``one_of``.

    It is read and included. Filters and sorting need to know the table, so they are for its
    branches, which the contract has as relationships of their own.
    """

    branches: tuple[Relation, ...] = ()

    @property
    def parts(self) -> Sequence[Relation]:
        return self.branches

    @property
    def sortable(self) -> None:
        return None


class Nothing(Relation):
    """A relationship that the contract has and that is always empty here."""

    def __init__(self) -> None:
        super().__init__("pk", "pk")

    def load(self, parents: Sequence[Model], rows: QuerySet[Any]) -> Loaded:
        return {parent.pk: [] for parent in parents}

    @property
    def sortable(self) -> Cast:
        """Nothing comes neither before nor after nothing: the primary key decides."""
        return Cast(Value(None), TextField())


def to_one(name: str, *, to: tuple[str, ...] | None = None) -> Relation:
    """The row that a foreign key of ours points at."""
    return Relation(f"{name}_id", "pk", to=to)


def one_of(*branches: Relation) -> OneOf:
    """The row that one of several foreign keys points at; each says in ``to`` where it leads."""
    to = tuple(name for branch in branches for name in branch.to or ())
    return OneOf("pk", "pk", to=to, branches=branches)


def to_many(foreign_key: str, **where: Any) -> Relation:
    """The rows whose ``foreign_key`` points at us."""
    return Relation("pk", f"{foreign_key}_id", where)


def about(*resource_types: str) -> Relation:
    """Records about us that name us by type and id, such as events."""
    return Relation("pk", "resource_id", {"resource_type__in": resource_types})


def through(model: type[Model], name: str) -> Through:
    """The other side of a many-to-many field of ours."""
    field = model._meta.get_field(name)
    return Through(
        "pk",
        "pk",
        join=field.remote_field.through,  # type: ignore[union-attr]
        mine=f"{field.m2m_field_name()}_id",  # type: ignore[union-attr]
        its=f"{field.m2m_reverse_field_name()}_id",  # type: ignore[union-attr]
    )
