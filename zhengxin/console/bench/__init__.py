"""Measures the program beside peers in the same run. Never a test: numbers are printed, not asserted."""
