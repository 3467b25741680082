"""``include``: which related resources an answer brings along, as a tree of relationships."""

from collections.abc import Iterator

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.errors import not_allowed, permission_missing
from config.jsonapi.resource import Resource

MAX_DEPTH = 3
Tree = dict[str, "Tree"]


def parse_include(text: str | None, starts: list[Resource], caller: Caller) -> Tree:
    """Read the parameter; every path must be one that the resources have."""
    tree: Tree = {}
    for path in filter(None, (text or "").split(",")):
        steps = path.split(".")
        if len(steps) > MAX_DEPTH:
            raise _refused(path, f"{path} is deeper than {MAX_DEPTH} relationships.")
        branch, here = tree, starts
        for step in steps:
            here = list(_beyond(here, step, path, caller))
            branch = branch.setdefault(step, {})
    return tree


def _beyond(here: list[Resource], step: str, path: str, caller: Caller) -> Iterator[Resource]:
    """The resources at the other end of a step; one of several types is enough to take it.

    So it is with permissions: rows that the caller may not retrieve do not exist for it.
    """
    takers = [
        resource
        for resource in here
        if step in resource.relationships and resource.relationships[step].includable
    ]
    if not takers:
        raise _refused(path, f"{path} is not allowed.")
    for resource in takers:
        targets = registry.targets(resource, step)
        allowed = [target for target in targets if caller.may("retrieve", target.type)]
        if targets and not allowed:
            raise permission_missing("retrieve", targets[0].type)
        yield from allowed


def _refused(path: str, detail: str) -> Exception:
    return not_allowed("INVALID_INCLUDE", path, parameter="include", detail=detail)
