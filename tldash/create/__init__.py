"""Make the first files of a folder, a lead and a session."""
