"""What leaves the accounts room besides Actor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InventedAccount:
    """An account of the invented county, password and all: there is nothing real behind it."""

    username: str
    name: str
    password: str
    unit: str
    role: str
    role_label: str
