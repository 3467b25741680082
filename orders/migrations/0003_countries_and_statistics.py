"""What tables alone cannot say: kept by triggers, a key and statistics of the database."""

from django.db import migrations

# Who gives an order an address need not say where that is. The engine does: in its statement the
# new address cannot be seen yet. An address that somebody is just changing is waited for.
FILL = """
CREATE FUNCTION take_country_of_shipping_address() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  SELECT country_code INTO NEW.country_code
    FROM orders_address WHERE id = NEW.shipping_address_id FOR KEY SHARE;
  RETURN NEW;
END $$;
CREATE TRIGGER new_order_takes_country BEFORE INSERT ON orders_order
  FOR EACH ROW WHEN (NEW.shipping_address_id IS NOT NULL AND NEW.country_code IS NULL)
  EXECUTE FUNCTION take_country_of_shipping_address();
CREATE TRIGGER order_takes_country BEFORE UPDATE OF shipping_address_id, country_code ON orders_order
  FOR EACH ROW WHEN ((NEW.shipping_address_id, NEW.country_code)
                     IS DISTINCT FROM (OLD.shipping_address_id, OLD.country_code))
  EXECUTE FUNCTION take_country_of_shipping_address();
"""
NO_FILL = """
DROP TRIGGER order_takes_country ON orders_order;
DROP TRIGGER new_order_takes_country ON orders_order;
DROP FUNCTION take_country_of_shipping_address();
"""

# An address that is put right in place takes its orders along. The key that this needs is not among
# the model's constraints: no address could break it, so nothing has to look whether one does.
REFERENCE = """
ALTER TABLE orders_address ADD CONSTRAINT addresses_by_country UNIQUE (country_code, id);
ALTER TABLE orders_order ADD CONSTRAINT order_country_is_that_of_its_address
  FOREIGN KEY (shipping_address_id, country_code) REFERENCES orders_address (id, country_code)
  ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
NO_REFERENCE = """
ALTER TABLE orders_order DROP CONSTRAINT order_country_is_that_of_its_address;
ALTER TABLE orders_address DROP CONSTRAINT addresses_by_country;
"""

# Counts of requests are written with each one, and need not outlive a crash of the server.
NOT_LOGGED = "ALTER TABLE orders_requestcount SET UNLOGGED"

# Without these the planner takes SKUs that begin alike for far fewer than they are.
BEGINNINGS = "CREATE STATISTICS skus_by_beginning ON (lower(code)) FROM orders_sku"
NO_BEGINNINGS = "DROP STATISTICS skus_by_beginning"


class Migration(migrations.Migration):
    replaces = [("orders", "0018_country_of_orders"), ("orders", "0026_beginnings_of_skus")]
    dependencies = [("orders", "0002_orders_and_their_shop")]
    operations = [
        migrations.RunSQL(FILL, NO_FILL),
        migrations.RunSQL(REFERENCE, NO_REFERENCE),
        migrations.RunSQL(NOT_LOGGED, migrations.RunSQL.noop),
        migrations.RunSQL(BEGINNINGS, NO_BEGINNINGS),
    ]
