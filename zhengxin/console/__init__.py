"""Commands and scheduled jobs."""
