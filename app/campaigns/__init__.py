"""The season: its dates, its cases, and how actions are grouped."""
