"""Benchmarks and fault rigs: each `./run bench NAME` prints its figures beside their bars."""
