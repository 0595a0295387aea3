"""Hours without a register: what shows them, and who accepts it."""
