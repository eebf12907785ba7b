"""People who sign in: users, their sessions, and who may do what."""
