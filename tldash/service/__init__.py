"""Run requests against the folders on threads and post the results."""
