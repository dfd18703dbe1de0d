"""How many examples a property gets."""

from __future__ import annotations

import os
from typing import Final

THOROUGH: Final = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SHARE: Final = 3
"""The quick profile tries one example of this many: the same ones in every run."""


def examples(number: int) -> int:
    """Return the number of examples for a property that needs this many to be searched well."""
    return max(number, 2000) if THOROUGH else number // SHARE
