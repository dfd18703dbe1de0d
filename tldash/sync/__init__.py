"""Commit, merge and push a folder with git, of which nothing in the folder has a say."""
