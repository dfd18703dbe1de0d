"""Folders full of what nobody means well with, and what the commands must make of them."""
