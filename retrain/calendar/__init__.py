"""Academic hours, bells, working days, clock slots and calendar entries. Pure: settings come as values."""
