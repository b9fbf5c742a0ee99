"""Fixtures of the API's tests."""

from tests.portal.boards import board

__all__ = ["board"]
