"""Pure functions over records: attention, schedule, skills, actions, filters."""
