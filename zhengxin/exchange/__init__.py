"""Machines in and out: the REST API."""
