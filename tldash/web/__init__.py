"""`tldash serve`: a web server that runs one dashboard process per open page.

Coaching notes are private, so every request is checked first (`guard`). The server has one page and
its scripts and fonts, and serves no file of any opened folder.
"""
