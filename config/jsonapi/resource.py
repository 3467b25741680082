"""A resource, declared once: what the contract does not say about it.

The contract has the names, types and flags; a declaration adds where values come from, how related
rows are found, and what writing does. See the package's docstring for how to write one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet

from config.jsonapi.caller import Caller
from config.jsonapi.contract_files import AttributeFacts, Contract, RelationshipFacts, contract_of
from config.jsonapi.relations import Nothing, Relation
from config.jsonapi.values import KINDS

Read = Callable[[Any], Any]
Readers = tuple[tuple[str, Read], ...]
ACTIONS = ("list", "retrieve", "create", "update", "delete")
Table = tuple[type[Model], Mapping[str, Any]]
NEWEST_FIRST = ("-created_at", "-pk")
# All resources that are served, by the name of their type; ``registry`` looks after them.
REGISTERED: dict[str, "Resource"] = {}


@dataclass(frozen=True)
class Computed:
    """An attribute that is no column of its own.

    ``joins`` and ``prefetches`` are what ``read`` looks at, fetched along with the row and only if
    the attribute is wanted; ``annotations`` are counted by the database. ``column`` is what filters
    and sorting go by.
    """

    read: Read
    joins: Sequence[str] = ()
    prefetches: Sequence[str] = ()
    annotations: Mapping[str, Any] = field(default_factory=dict)
    column: Any = None


@dataclass(frozen=True)
class Scope:
    """A filter that is a question of its own, not about one attribute.

    ``type`` is the type of its value, or of each of ``many`` joined by commas; ``enum`` are the
    only values there are. ``condition`` makes SQL of a value.
    """

    type: str
    condition: Callable[[Any], Q]
    many: bool = False
    enum: tuple[str, ...] = ()


@dataclass
class Change:
    """What a create or an update asks for, checked against the contract.

    ``references`` holds the rows that relationships of the body point at: one, none, or a list;
    of those that are ``handed_on`` the ids.
    """

    caller: Caller
    attributes: dict[str, Any] = field(default_factory=dict)
    references: dict[str, Any] = field(default_factory=dict)
    triggers: dict[str, Any] = field(default_factory=dict)
    # What a trigger leaves to be done once the update is committed and before it is answered:
    # work that takes long, in short transactions of its own.
    afterwards: list[Callable[[], Any]] = field(default_factory=list)


Trigger = Callable[[Any, Any, Change], None]


class Resource:
    """The base of all declarations; an instance is made once, by ``registry.register``."""

    model: ClassVar[type[Model]]
    type: ClassVar[str]
    # Attributes whose column has another name, and those that are no column.
    columns: ClassVar[Mapping[str, str]] = {}
    computed: ClassVar[Mapping[str, Computed]] = {}
    relations: Mapping[str, Relation] = {}
    # A verb that the contract writes as an attribute -> what it does: (row, value, change). Where
    # several are sent they are done in the order of this table.
    triggers: ClassVar[Mapping[str, Trigger]] = {}
    # Attributes that the contract does not have: verbs and switches of this product's own.
    ours: ClassVar[Mapping[str, AttributeFacts]] = {}
    # Relationships that the contract does not have; ``registry.add_relations`` adds more.
    our_relationships: Mapping[str, RelationshipFacts] = {}
    # The filters that the contract calls scopes.
    scopes: ClassVar[Mapping[str, Scope]] = {}
    # What is required -> what may be sent in its place: for a relationship a code, say.
    named_by: ClassVar[Mapping[str, str]] = {}
    # Attributes that may be sent and that no column takes as they are (a null is not a default,
    # a verb is no trigger); ``create`` and ``update`` know what they mean.
    write_only: ClassVar[frozenset[str]] = frozenset()
    # Relationships that a create hands on as ids: the domain looks for the rows itself, in the
    # caller's mode, and ``create`` refuses what it does not find.
    handed_on: ClassVar[frozenset[str]] = frozenset()
    # What the contract has and we do not, with the reason.
    left_out: Mapping[str, str] = {}
    # A table may hold several resources: these conditions tell which rows are ours.
    where: ClassVar[Mapping[str, Any]] = {}
    # A parent's table that has most of what lists are filtered and sorted by, with the conditions
    # that tell which of its rows are ours; it spares them a join.
    chosen_in: ClassVar[Table | None] = None
    # Columns that lists leave in the database, because no attribute looks at them.
    unread: ClassVar[Sequence[str]] = ()
    has_mode: ClassVar[bool] = True
    order: ClassVar[Sequence[str]] = NEWEST_FIRST
    cursor_paging: ClassVar[bool] = False
    # The address of the only one that a caller has, such as ``organization``.
    singleton: ClassVar[str | None] = None
    # What is not stored is worked out for whoever asks, and has no address.
    stored: ClassVar[bool] = True
    # A promise of the database -> (attribute, message), for the error when a write breaks it.
    promises: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init__(self) -> None:
        self.relations = dict(type(self).relations)
        self.our_relationships = dict(type(self).our_relationships)
        self.left_out = dict(type(self).left_out)

    # What there is

    @cached_property
    def contract(self) -> Contract:
        return contract_of(self.type)

    @cached_property
    def attributes(self) -> Mapping[str, AttributeFacts]:
        """The attributes that we have; the id stands beside them in a resource object."""
        return {
            name: facts
            for name, facts in {**self.contract.attributes, **self.ours}.items()
            if name not in self.left_out
        }

    @cached_property
    def relationships(self) -> Mapping[str, RelationshipFacts]:
        """The relationships that we have, and that lead to something that is served."""
        return {
            name: facts
            for name, facts in {**self.contract.relationships, **self.our_relationships}.items()
            if name in self.relations
            and (
                isinstance(self.relations[name], Nothing)
                or not REGISTERED.keys().isdisjoint(facts.to)
            )
        }

    @property
    def actions(self) -> frozenset[str]:
        return self.contract.actions

    # Reading

    def visible(self, rows: QuerySet[Any], caller: Caller) -> QuerySet[Any]:
        """Narrow rows of the caller's mode further, where not every caller may see all.

        The conditions are kept with the caller: whatever may change belongs into a subquery.
        """
        return rows

    def kinds(self, action: str) -> Sequence[str]:
        """The kinds of API clients that may do this, for the documentation."""
        return ()

    def meta(self, caller: Caller) -> dict[str, Any]:
        """The ``meta`` of every resource object."""
        return {"mode": caller.mode}

    def column(self, name: str) -> Any:
        """What an attribute is filtered and sorted by, or None."""
        if name in self.computed:
            return self.computed[name].column
        return self.columns.get(name, name)

    def describes(self, row: Model) -> bool:
        """Whether a row of a table that several resources share is one of ours."""
        return isinstance(row, self.model) and all(
            getattr(row, name) == value for name, value in self.where.items()
        )

    def readers(self, wanted: frozenset[str] | None) -> Readers:
        """The wanted attributes (None: all), each with the function that reads it off a row."""
        return _readers(self, wanted)

    def relationship_names(self, wanted: frozenset[str] | None) -> tuple[tuple[str, bool], ...]:
        """The wanted relationships (None: all), each with whether it leads to many."""
        return tuple(
            (name, facts.many)
            for name, facts in self.relationships.items()
            if wanted is None or name in wanted
        )

    def prepare(self, rows: QuerySet[Any], wanted: frozenset[str] | None) -> QuerySet[Any]:
        """Fetch along with rows what their wanted attributes look at."""
        joins, prefetches, annotations = _fetched(self, wanted)
        if joins:
            rows = rows.select_related(*joins)
        if prefetches:
            rows = rows.prefetch_related(*prefetches)
        return rows.annotate(**annotations) if annotations else rows

    def brings_along(self, wanted: frozenset[str] | None) -> bool:
        """Whether ``prepare`` fetches other rows beside these."""
        return any(
            computed.joins or computed.prefetches
            for name, computed in self.computed.items()
            if wanted is None or name in wanted
        )

    # Writing; the answer is the row's primary key

    def create(self, change: Change) -> str:
        raise NotImplementedError(f"{self.type} cannot be created")

    def work_out(self, change: Change) -> Any:
        """What a create is answered with, if nothing is stored: something with a ``pk``."""
        raise NotImplementedError(f"{self.type} are not worked out")

    def update(self, row: Any, change: Change) -> None:
        raise NotImplementedError(f"{self.type} cannot be updated")

    def delete(self, row: Any, caller: Caller) -> None:
        raise NotImplementedError(f"{self.type} cannot be deleted")

    def lock(self, rows: QuerySet[Any], pk: str) -> Any:
        """Fetch the row that is to be written, or None; nobody else writes it meanwhile."""
        return rows.filter(pk=pk).select_for_update(of=("self",), no_key=True).first()


def which(row: Model, resources: Sequence[Resource]) -> Resource:
    """The one of the resources in a table that a row is."""
    if len(resources) == 1:
        return resources[0]
    return next(each for each in resources if each.describes(row))


def trigger_facts(name: str) -> AttributeFacts:
    """A verb of ours, declared like those of the contract."""
    return AttributeFacts(name, "boolean", frozenset({"update"}))


@lru_cache(maxsize=512)
def _readers(resource: Resource, wanted: frozenset[str] | None) -> Readers:
    return tuple(
        (name, _reader(resource, facts))
        for name, facts in resource.attributes.items()
        if "fetch" in facts.flags and name != "id" and (wanted is None or name in wanted)
    )


@lru_cache(maxsize=512)
def _fetched(
    resource: Resource, wanted: frozenset[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...], Mapping[str, Any]]:
    """What all wanted attributes together look at; several may look at the same."""
    looking = [each for name, each in resource.computed.items() if wanted is None or name in wanted]
    joins = dict.fromkeys(join for each in looking for join in each.joins)
    prefetches = dict.fromkeys(fetch for each in looking for fetch in each.prefetches)
    annotations = {name: what for each in looking for name, what in each.annotations.items()}
    return tuple(joins), tuple(prefetches), annotations


def _reader(resource: Resource, facts: AttributeFacts) -> Read:
    if facts.name in resource.computed:
        read = resource.computed[facts.name].read
    else:
        read = attrgetter(resource.columns.get(facts.name, facts.name).replace("__", "."))
    write = KINDS[facts.type].write
    if write is None:
        return read
    return lambda row: write(read(row))
