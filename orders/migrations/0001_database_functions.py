from django.db import migrations

NEW_ID = """
CREATE OR REPLACE FUNCTION new_id() RETURNS character varying
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  -- characters 12 to 21 of a random UUID in base64 hold random bits only
  SELECT translate(substr(encode(uuid_send(gen_random_uuid()), 'base64'), 12, 10), '+/', 'Zz')::varchar
$$;
COMMENT ON FUNCTION new_id() IS 'A fresh resource id: ten letters and digits';
"""

TOKENS = """
CREATE OR REPLACE FUNCTION new_token() RETURNS character varying
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT replace(gen_random_uuid()::text, '-', '')::varchar
$$;
COMMENT ON FUNCTION new_token() IS 'A fresh order token: 32 hexadecimal digits';
"""

# The prefixes keep the numbers that we give apart from most that come in with imported orders; one
# that came in all the same is passed over.
NUMBERS = """
CREATE SEQUENCE orders_order_number START 100001;
CREATE SEQUENCE orders_shipment_number START 100001;
CREATE SEQUENCE orders_transaction_number START 100001;
CREATE OR REPLACE FUNCTION new_order_number() RETURNS character varying
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  candidate varchar;
BEGIN
  LOOP
    candidate := 'OC-' || nextval('orders_order_number');
    EXIT WHEN NOT EXISTS (SELECT FROM orders_order
                           WHERE mode IN ('test', 'live') AND number = candidate);
  END LOOP;
  RETURN candidate;
END $$;
CREATE OR REPLACE FUNCTION new_shipment_number() RETURNS character varying
LANGUAGE sql VOLATILE AS $$ SELECT ('S-' || nextval('orders_shipment_number'))::varchar $$;
CREATE OR REPLACE FUNCTION new_transaction_number() RETURNS character varying
LANGUAGE sql VOLATILE AS $$ SELECT ('T-' || nextval('orders_transaction_number'))::varchar $$;
"""

DROP = """
DROP FUNCTION new_transaction_number();
DROP FUNCTION new_shipment_number();
DROP FUNCTION new_order_number();
DROP SEQUENCE orders_transaction_number;
DROP SEQUENCE orders_shipment_number;
DROP SEQUENCE orders_order_number;
DROP FUNCTION new_token();
DROP FUNCTION new_id();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(NEW_ID + TOKENS + NUMBERS, DROP)]
