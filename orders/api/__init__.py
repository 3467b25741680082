"""The shop through Commerce Layer's API: who may ask, what they may see, and the answers."""
