"""Whether the database has columns that this program does not know.

A newer release may have added one while an old worker still runs, or starts again: its copies would
lose that column silently.
"""

from ordercopy.engine.building import COPIED_MODELS
from ordercopy.engine.compiling import column_of
from orders.statements import execute

COLUMNS = """
SELECT table_name::varchar, column_name::varchar
  FROM information_schema.columns
 WHERE table_schema = current_schema() AND table_name = ANY (%s::varchar[])
 ORDER BY table_name, ordinal_position
"""


class DatabaseIsNewer(Exception):
    """The database was migrated by a newer release."""


def refuse_unknown_columns() -> None:
    """Raise ``DatabaseIsNewer`` when copies made by this program would be incomplete."""
    known = {
        (model._meta.db_table, column_of(field))
        for model in COPIED_MODELS
        for field in model._meta.local_concrete_fields
    }
    tables = [model._meta.db_table for model in COPIED_MODELS]
    unknown = [
        f"{table}.{column}"
        for table, column in execute(COLUMNS, [tables])
        if (table, column) not in known
    ]
    if unknown:
        raise DatabaseIsNewer(
            f"The database has columns that this release does not know ({', '.join(unknown)}): it "
            "was migrated by a newer one. Run that one."
        )
