"""The run store: every table, every query, every lock. Nothing outside this package writes SQL."""
