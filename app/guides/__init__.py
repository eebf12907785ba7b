"""One page each for a volunteer, an organiser and an admin, to print and to pin up."""
