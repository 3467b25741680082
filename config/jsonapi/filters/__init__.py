"""``filter[q][<attributes>_<predicate>]``: the filter grammar, from a name to a condition.

``predicates`` is the table of what can be asked, ``parsing`` finds out what a name asks of which
attribute, and ``conditions`` makes SQL of it. A resource's scopes are filters that are asked by
their bare name.
"""

from config.jsonapi.filters.conditions import filtered

__all__ = ["filtered"]
