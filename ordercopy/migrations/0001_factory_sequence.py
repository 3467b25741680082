from django.db import migrations

CREATE = """
CREATE SEQUENCE ordercopy_factory_sequence;
CREATE OR REPLACE FUNCTION next_factory_sequence() RETURNS bigint
LANGUAGE sql VOLATILE AS $$ SELECT nextval('ordercopy_factory_sequence') $$;
"""

DROP = """
DROP FUNCTION next_factory_sequence();
DROP SEQUENCE ordercopy_factory_sequence;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("orders", "0001_database_functions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
