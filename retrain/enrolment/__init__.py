"""Who has a place: nomination, enrolment, waiting list, and the orders that make them official."""
