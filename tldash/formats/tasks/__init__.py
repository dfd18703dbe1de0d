"""Read and write the fields of one task line, in every dialect."""
