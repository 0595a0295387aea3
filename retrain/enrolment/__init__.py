"""Who has a place: nomination, enrolment and the waiting list."""
