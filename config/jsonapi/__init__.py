"""Our dialect of JSON:API: how resources look on the wire, whatever they are about."""
