"""Order copies through Commerce Layer's API, and what orders say about their copies."""
