"""What the product is for: order factories, order copies, their batches and the copy engine."""
