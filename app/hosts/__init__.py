"""Who holds events, year after year, and offers to hold one."""
