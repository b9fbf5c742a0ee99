"""Fixtures of the portal's tests."""

from tests.portal.boards import board

__all__ = ["board"]
