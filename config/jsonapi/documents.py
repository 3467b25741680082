"""Writing documents: resource objects, what they include, and what stands at the top.

The values are read off the rows by functions that are made once for each resource and fieldset. A
serializer that asks every field of every row what it is took about ten times as long, mostly for
looking up the addresses of relationships.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.fieldsets import Fieldsets
from config.jsonapi.includes import Tree
from config.jsonapi.resource import Readers, Resource, which
from config.jsonapi.rows import rows_of_all
from config.jsonapi.sorting import sort

Key = tuple[str, str]
Json = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """What is the same for all resource objects of a type in one document."""

    readers: Readers
    relationships: tuple[tuple[str, bool], ...]
    meta: Json


@dataclass
class Node:
    """A row that the document speaks of, and the relationships that it shows ``data`` for."""

    resource: Resource
    row: Model
    linked: dict[str, list[Key]] = field(default_factory=dict)


class Document:
    """What one answer is made of; every resource stands in it once."""

    def __init__(self, root: str, caller: Caller, fieldsets: Fieldsets) -> None:
        self.root = root
        self.caller = caller
        self.fieldsets = fieldsets
        self.nodes: dict[Key, Node] = {}
        self.shapes: dict[str, Shape] = {}

    def one(self, resource: Resource, row: Model | None, include: Tree) -> Json:
        """The document of a single resource, or of none."""
        if row is None:
            return {"data": None}
        return {"data": self._many([resource], [row], include)[0], **self._included(1, include)}

    def many(self, resources: Sequence[Resource], rows: Sequence[Model], include: Tree) -> Json:
        """The document of a list of resources that share a table."""
        return {
            "data": self._many(resources, rows, include),
            **self._included(len(rows), include),
        }

    def prepare(self, rows: QuerySet[Any], *resources: Resource) -> QuerySet[Any]:
        """Fetch along with rows what their attributes will need."""
        for resource in resources:
            rows = resource.prepare(rows, self.fieldsets.get(resource.type))
        return rows

    def _many(
        self, resources: Sequence[Resource], rows: Sequence[Model], include: Tree
    ) -> list[Json]:
        nodes = [self._node(which(row, resources), row) for row in rows]
        self._load(nodes, include)
        return [self._write(node) for node in nodes]

    def _included(self, primary: int, include: Tree) -> Json:
        if not include:
            return {}
        return {"included": [self._write(node) for node in list(self.nodes.values())[primary:]]}

    def _node(self, resource: Resource, row: Model) -> Node:
        return self.nodes.setdefault((resource.type, row.pk), Node(resource, row))

    def _load(self, nodes: Sequence[Node], include: Tree) -> None:
        """Load the tree level by level: as many queries as paths, however many rows there are."""
        for relationship, deeper in include.items():
            by_resource: dict[str, list[Node]] = {}
            for node in nodes:
                if relationship in node.resource.relationships:
                    by_resource.setdefault(node.resource.type, []).append(node)
            reached: dict[Key, Node] = {}
            for resource_type, owners in by_resource.items():
                self._link(registry.get(resource_type), relationship, owners, reached)
            self._load(list(reached.values()), deeper)

    def _link(
        self,
        resource: Resource,
        relationship: str,
        owners: Sequence[Node],
        reached: dict[Key, Node],
    ) -> None:
        """Load what a relationship leads to for all owners: one query for each table."""
        for node in owners:
            node.linked[relationship] = []
        for relation, targets in registry.tables(resource, relationship):
            rows = self.prepare(rows_of_all(targets, self.caller), *targets)
            found = relation.load([node.row for node in owners], sort(rows, None, targets[0]))
            for node in owners:
                for row in found[node.row.pk]:
                    target = which(row, targets)
                    key = (target.type, row.pk)
                    reached[key] = self._node(target, row)
                    if relation.tells_more:
                        reached[key].row = row
                    node.linked[relationship].append(key)

    def _write(self, node: Node) -> Json:
        resource, row = node.resource, node.row
        shape = self._shape(resource)
        address = f"{self.root}/{resource.type}/{row.pk}" if resource.stored else None
        written: Json = {"id": row.pk, "type": resource.type}
        if address:
            written["links"] = {"self": address}
        written["attributes"] = {name: read(row) for name, read in shape.readers}
        if relationships := self._relationships(node, shape, address):
            written["relationships"] = relationships
        written["meta"] = shape.meta
        return written

    def _relationships(self, node: Node, shape: Shape, address: str | None) -> Json:
        written: Json = {}
        if address:
            for name, _ in shape.relationships:
                links = {
                    "self": f"{address}/relationships/{name}",
                    "related": f"{address}/{name}",
                }
                written[name] = {"links": links}
        if node.linked:
            for name, many in shape.relationships:
                if name in node.linked:
                    keys = [{"type": kind, "id": pk} for kind, pk in node.linked[name]]
                    data = keys if many else (keys[0] if keys else None)
                    written.setdefault(name, {})["data"] = data
        return written

    def _shape(self, resource: Resource) -> Shape:
        if resource.type not in self.shapes:
            wanted = self.fieldsets.get(resource.type)
            self.shapes[resource.type] = Shape(
                resource.readers(wanted),
                resource.relationship_names(wanted),
                resource.meta(self.caller),
            )
        return self.shapes[resource.type]


def identifiers(rows: Sequence[Model], name_of: Callable[[Model], str]) -> list[Json]:
    """Resource identifiers, as relationship endpoints show them."""
    return [{"type": name_of(row), "id": row.pk} for row in rows]
