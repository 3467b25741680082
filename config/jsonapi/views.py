"""The views of all resources: what an address and a method mean, whatever the resource is."""

from typing import Any, cast

from django.db.models import QuerySet
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.viewsets import ViewSet

from config.jsonapi import paging, registry
from config.jsonapi.bodies import read_change
from config.jsonapi.caller import Caller
from config.jsonapi.documents import Document, identifiers
from config.jsonapi.errors import bad_body, permission_missing, record_not_found
from config.jsonapi.fieldsets import parse_fieldsets
from config.jsonapi.filters import filtered
from config.jsonapi.handling import handle_exception
from config.jsonapi.includes import Tree, parse_include
from config.jsonapi.links import api_root, this_address
from config.jsonapi.lists import ThoseRows, listed, reader
from config.jsonapi.parser import Parser, check_content_encoding, check_content_type
from config.jsonapi.query import ANSWER, CURSOR_KEYS, LIST, PAGE_KEYS, WRITE, Query, parse_query
from config.jsonapi.relations import Relation
from config.jsonapi.renderer import Negotiation, Renderer
from config.jsonapi.resource import Change, Resource, which
from config.jsonapi.rows import rows_of, rows_of_all
from config.jsonapi.sorting import check_sort, sort
from config.jsonapi.writes import writing


class ApiView(ViewSet):
    """The base of everything under ``/api``: a known caller, JSON:API in and out."""

    authentication_classes = []
    permission_classes = []
    parser_classes = [Parser]
    renderer_classes = [Renderer]
    content_negotiation_class = Negotiation
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_authenticators(self) -> list[Any]:
        classes: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
        return [authentication() for authentication in classes]

    def get_exception_handler(self) -> Any:
        return handle_exception

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.auth is None:
            raise NotAuthenticated
        if request.method in {"POST", "PATCH"} and self.action is not None:
            check_content_type(request.content_type)
            check_content_encoding(request.headers.get("Content-Encoding", "identity"))
            request._request.body  # noqa: B018  (refuses what is too large; a stream would not)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Which methods the address takes."""
        return Response({"meta": {"allow": self.allowed_methods}})

    @property
    def caller(self) -> Caller:
        return cast(Caller, self.request.auth)


class ResourceView(ApiView):
    """List, retrieve, create, update and delete; relationship and related endpoints."""

    resource: Resource = None  # type: ignore[assignment]  # given by ``urls``

    def listing(self, request: Request) -> Response:
        self.allow("list")
        return self.answer_list([self.resource])

    def retrieve(self, request: Request, pk: str) -> Response:
        self.allow("retrieve")
        return self.answer_one(self.resource, pk)

    def only(self, request: Request) -> Response:
        """The one resource of its type that the caller has."""
        self.allow("retrieve")
        pk = rows_of(self.resource, self.caller).values_list("pk", flat=True).first()
        return self.answer_one(self.resource, str(pk))

    def create(self, request: Request) -> Response:
        self.allow("create")
        document, include = self.begin_write()
        data = self.resource_object()
        with writing(self.resource):
            change = read_change(data, self.resource, self.caller)
            pk = self.resource.create(change)
            if change.triggers:
                self.pull(self.locked(pk), change)
            body = self.written(document, pk, include)
        return Response(body, status=201, headers={"Location": body["data"]["links"]["self"]})

    def work_out(self, request: Request) -> Response:
        """Answer a create of what is not stored."""
        self.allow("create")
        document, include = self.begin_write()
        change = read_change(self.resource_object(), self.resource, self.caller)
        return Response(document.one(self.resource, self.resource.work_out(change), include))

    def update(self, request: Request, pk: str) -> Response:
        self.allow("update")
        document, include = self.begin_write()
        data = self.resource_object()
        with writing(self.resource):
            row = self.locked(pk)
            change = read_change(data, self.resource, self.caller, pk=pk)
            self.resource.update(row, change)
            self.pull(row, change)
            if not change.afterwards:
                return Response(self.written(document, pk, include))
        for act in change.afterwards:
            act()
        return Response(self.written(document, pk, include))

    def destroy(self, request: Request, pk: str) -> Response:
        self.allow("delete")
        self.query(())
        with writing(self.resource):
            self.resource.delete(self.locked(pk), self.caller)
        return Response(status=204)

    def related(self, request: Request, pk: str, relationship: str) -> Response:
        """What is at the other end of a relationship, as resources."""
        targets, rows = self.beyond(pk, relationship)
        if self.resource.relationships[relationship].many and targets:
            return self.answer_list(targets, rows, along=self.resource.relations[relationship])
        # What may be included does not depend on what happens to be there.
        anything = registry.targets(self.resource, relationship)
        document, include = self.begin(self.query(ANSWER), anything)
        row = document.prepare(rows, *targets).first() if targets else None
        target = self.resource if row is None else which(row, targets)
        return Response(document.one(target, row, include))

    def relationship(self, request: Request, pk: str, relationship: str) -> Response:
        """The ids at the other end of a relationship."""
        targets, rows = self.beyond(pk, relationship)

        def name_of(row: Any) -> str:
            return which(row, targets).type

        address = this_address(request)
        links = {"self": address, "related": address.replace("/relationships/", "/")}
        if not self.resource.relationships[relationship].many or not targets:
            self.query(())
            found = identifiers(list(rows[:1]), name_of)
            return Response({"links": links, "data": found[0] if found else None})
        page = self.page(targets, rows, along=self.resource.relations[relationship])
        links |= page.links
        body = {"links": links, "data": identifiers(page.rows, name_of)}
        return Response({**body, "meta": page.meta} if page.meta else body)

    # Steps

    def allow(self, action: str, resource: Resource | None = None) -> None:
        name = (resource or self.resource).type
        if not self.caller.may(action, name):
            raise permission_missing(action, name)

    def resource_object(self) -> dict[str, Any]:
        """What the body is about; an empty body never gets as far as the parser."""
        if not self.request.data:
            raise bad_body("It is empty.")
        return cast(dict[str, Any], cast(Any, self.request.data)["data"])

    def query(self, families: Any, page_keys: Any = PAGE_KEYS) -> Query:
        return parse_query(self.request.query_params, families=families, page_keys=page_keys)

    def begin(self, query: Query, resources: list[Resource]) -> tuple[Document, Tree]:
        """The document to be written, and what it is to include."""
        include = parse_include(query.include, resources, self.caller)
        fieldsets = parse_fieldsets(query.fields)
        return Document(api_root(self.request), self.caller, fieldsets), include

    def begin_write(self) -> tuple[Document, Tree]:
        """The document that answers a write, whose order means nothing but has to make sense."""
        query = self.query(WRITE)
        check_sort(query.sort, self.resource)
        return self.begin(query, [self.resource])

    def answer_list(
        self,
        resources: list[Resource],
        rows: QuerySet[Any] | None = None,
        *,
        along: Relation | None = None,
    ) -> Response:
        """A list of some rows, or of all; ``along`` is the relationship that led to it."""
        query = self.query(LIST, CURSOR_KEYS if resources[0].cursor_paging else PAGE_KEYS)
        document, include = self.begin(query, resources)
        page = self.page(resources, rows, query=query, document=document, along=along)
        body = document.many(resources, page.rows, include)
        if along:
            for written, row in zip(body["data"], page.rows, strict=True):
                written["meta"] = {**written["meta"], **along.meta_of(row)}
        return Response({**body, "links": page.links, **({"meta": page.meta} if page.meta else {})})

    def answer_one(self, resource: Resource, pk: str) -> Response:
        document, include = self.begin(self.query(ANSWER), [resource])
        row = self.read(resource, pk, document)
        if row is None:
            raise record_not_found()
        return Response(document.one(resource, row, include))

    def page(
        self,
        resources: list[Resource],
        rows: QuerySet[Any] | None,
        *,
        query: Query | None = None,
        document: Document | None = None,
        along: Relation | None = None,
    ) -> paging.Page:
        """The rows that the query asks for.

        Resources that share a table are filtered and sorted by what the first of them has.
        """
        resource = resources[0]
        page_keys = CURSOR_KEYS if resource.cursor_paging else PAGE_KEYS
        query = query or self.query(("sort", "page", "filter[q]"), page_keys)
        if rows is None and document and not resource.cursor_paging:
            everything = listed(
                resource,
                self.caller,
                filters=query.filters,
                order=query.sort,
                wanted=document.fieldsets.get(resource.type),
            )
            return paging.numbered_page(everything, query.page, self.request)
        if rows is None:
            rows = rows_of(resource, self.caller)
        rows = filtered(rows, query.filters, resource, self.caller)
        rows = sort(rows, query.sort, resource, usual=along.order if along else ())
        if document:
            rows = document.prepare(rows, *resources)
        if resource.cursor_paging:
            return paging.cursor_page(rows, query.page, self.request)
        return paging.numbered_page(ThoseRows(rows), query.page, self.request)

    def beyond(self, pk: str, relationship: str) -> tuple[list[Resource], QuerySet[Any]]:
        """What a relationship of one resource leads to."""
        self.allow("retrieve")
        if relationship not in self.resource.relationships:
            raise record_not_found(f"{self.resource.type} have no {relationship}.")
        parent = rows_of(self.resource, self.caller).filter(pk=pk).first()
        if parent is None:
            raise record_not_found()
        self.allow_beyond(relationship)
        tables = registry.tables(self.resource, relationship)
        targets: list[Resource] = []
        rows = self.resource.model._default_manager.none()
        for relation, targets in tables:
            rows = relation.rows_of(parent, rows_of_all(targets, self.caller))
            if len(tables) > 1 and rows.exists():
                break
        return targets, rows

    def allow_beyond(self, relationship: str) -> None:
        """One of several types is enough: rows of the others do not exist for the caller."""
        targets = registry.targets(self.resource, relationship)
        many = self.resource.relationships[relationship].many
        actions = {
            target.type: "list" if many and "list" in target.actions else "retrieve"
            for target in targets
        }
        if targets and not any(self.caller.may(actions[name], name) for name in actions):
            self.allow(actions[targets[0].type], targets[0])

    def locked(self, pk: str) -> Any:
        row = self.resource.lock(rows_of(self.resource, self.caller), pk)
        if row is None:
            raise record_not_found()
        return row

    def pull(self, row: Any, change: Change) -> None:
        """Do what the triggers of a body ask for."""
        for name, trigger in self.resource.triggers.items():
            if name in change.triggers:
                trigger(row, change.triggers[name], change)

    def written(self, document: Document, pk: str, include: Tree) -> Any:
        """The document of what was just written, read anew.

        Read before the commit: right after it a worker may have gone on already.
        """
        return document.one(self.resource, self.read(self.resource, pk, document), include)

    def read(self, resource: Resource, pk: str, document: Document) -> Any:
        """A row with what the document shows of it, or None."""
        return reader(resource, self.caller, document.fieldsets.get(resource.type)).one(pk)


class NowhereView(ApiView):
    """Every address under ``/api`` that means nothing."""

    def nowhere(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise record_not_found("There is nothing at this address.")
