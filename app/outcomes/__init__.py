"""What it achieved: outcomes of cases, the totals of past years, and the section's own texts."""
