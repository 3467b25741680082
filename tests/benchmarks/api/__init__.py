"""The API's speed, beside what the same server takes to answer the same bytes from memory."""
