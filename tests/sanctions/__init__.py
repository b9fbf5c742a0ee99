"""The room sanctions."""
