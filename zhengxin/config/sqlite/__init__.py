"""SQLite for many writers: every write transaction takes its turn on one lock file."""
