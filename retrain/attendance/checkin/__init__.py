"""Who says that they are in the room, by code, digits or card."""
