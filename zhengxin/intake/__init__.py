"""Sources, submissions, reading and checking rows, faults, receipts, data quality."""
