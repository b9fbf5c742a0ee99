"""The same three units as of inspections."""

from tests.oversight.inspections.conftest import Office as Office
from tests.oversight.inspections.conftest import county as county
from tests.oversight.inspections.conftest import office as office
from tests.oversight.inspections.conftest import quick_passwords as quick_passwords
