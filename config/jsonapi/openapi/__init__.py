"""The API's own description: an OpenAPI 3.1 document, made from the declarations of resources.

Whatever is registered is in it. ``attributes``, ``resources`` and ``parameters`` (with ``filters``)
say what a resource looks like and what can be asked of it; ``operations`` puts them together for
each of its addresses, with the answers of ``answers``. Endpoints that are no resource describe
themselves with ``endpoints.describe``. ``document`` makes one document of it all.

A promise that a test holds: a request that the document allows is never refused as one that
cannot be understood (400), and whatever is answered looks as the document says.
"""
