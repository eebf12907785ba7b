"""What the benchmarks share: servers, people, load, a season to work on, figures."""
