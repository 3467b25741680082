"""Reading what a Shopify merchant can download: the CSV exports of products and of orders.

From the file to the database, one module a step:

``reading``         bytes to rows, with the line that each begins on, whatever is broken in between
``cells``           a cell to a value: text, amount, date; or a refusal that names line and column
``order_rows``      rows to orders            ``product_rows``    rows to variants
``order_writing``   orders to tables          ``product_writing`` variants to tables
``order_import``    the whole of it           ``product_import``  the whole of it
``report``          what came of it, for people and for scripts
"""
