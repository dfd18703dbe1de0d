"""A live terminal dashboard for tech-lead coaching, over a folder of plain files."""

__version__ = "0.1.0"
