"""Live counters, the hall screen, totals: reads only."""
