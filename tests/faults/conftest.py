"""The terminals of `tests/live`, for the tests here that need one."""

from tests.pty.conftest import coaching, dashboard, home, start

__all__ = ["coaching", "dashboard", "home", "start"]
