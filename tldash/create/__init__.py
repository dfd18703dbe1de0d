"""Create the files of new folders, leads and sessions."""
