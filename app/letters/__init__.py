"""The ledger: letters logged, taken back, let in, and proven."""
