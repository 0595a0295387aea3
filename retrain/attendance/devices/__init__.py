"""What devices without a network send, and what of it a person has to settle."""
