"""The coaching method as data: skills, levels, questions and the shape of a session."""
