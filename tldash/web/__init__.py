"""The dashboard in a browser: a small web server that starts a dashboard for each page.

Coaching notes are as private as personnel records, so the server begins with what it refuses
(`guard`). It serves one page and the few files that the page needs, and no file of any folder.
"""
