"""Sign-up lists, the waiting list, the door; names that are locked, and deleted in time."""
