"""Our dialect of JSON:API: how resources look on the wire, whatever they are about.

How to declare a resource
-------------------------
The contract (``contract/<type>.json``) has its attributes, relationships and their flags. One class
in ``<app>/api/<type>.py`` says what the contract does not, and ``<app>/api/urls.py`` imports it::

    @registry.register
    class Skus(ShopResource):          # config.jsonapi.resource.Resource + the shop's own ways
        type = "skus"
        model = Sku
        relations = {"prices": to_many("sku"), "tags": through(Sku, "tags")}
        left_out = {"inventory": "needs a market"}      # everything else of the contract is there
        triggers = {"_add_tags": add_tags}              # verb -> (row, value, change)
        promises = {"one_sku_per_code": ("code", "has already been taken")}

* An attribute is the column of its name; ``columns`` has those with another one. ``computed`` has
  those that are none, each with what to fetch for it (joins, prefetches, annotations) and what
  filters and sorting go by. Money comes in threes: ``**amount("total_amount")``.
* A relation says which columns are equal: ``to_one("market")`` (a foreign key of ours),
  ``to_many("order")`` (one of theirs), ``through(Model, "tags")``, ``about("skus")`` (records that
  name us), ``Nothing()``. Related and relationship endpoints, includes and filters follow from it.
  It is served once the other side is; ``registry.add_relations`` gives one to another app's
  resource. Several resources in one table are told apart by ``where``.
* Plain records need nothing else for being written. Others define ``create(change)`` (answers the
  primary key), ``update(row, change)``, ``delete(row, caller)`` and call the domain with
  ``change.attributes``, ``.references`` (rows, resolved in the caller's world) and ``.caller``.
  What the domain refuses is raised as ``errors.Invalid``; a broken constraint becomes one.
* A filter that is a question of its own (the contract calls it a scope) stands in ``scopes``, the
  attribute that may be sent instead of a required relationship in ``named_by``.
* What the contract has no file for brings its own: ``contract = parse_contract({...})``; verbs of
  ours beside those of the contract stand in ``ours``, relationships in ``our_relationships``.
  ``singleton = "organization"`` is an address for the only one that there is, ``cursor_paging`` is
  for what only ever grows. With ``stored = False`` a create is answered by ``work_out(change)``
  with 200 and something that has no address.
* ``left_out`` names what is missing, with the reason; a test walks the contract and knows no other
  way for anything to be missing.

Where things are
----------------
A request passes ``middleware`` (request ids, compression, ETags) and ``views``, one for all.
``query``, ``filters``, ``includes``, ``fieldsets``, ``sorting`` and ``paging`` say what is asked,
``parser``, ``bodies`` and ``writes`` what is written; ``lists`` finds and reads a page,
``documents`` writes the answer. Every queryset begins in ``rows``, which knows the mode and what
the caller may see. ``errors`` has every error, ``handling`` translates those of others.

Django REST Framework has the views, Django REST Framework JSON:API the media type, its parser and
its renderer; what serializers would do for each row and request, declarations do once.
"""
