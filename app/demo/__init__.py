"""A believable marathon with invented cases."""
