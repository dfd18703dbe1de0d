"""How fast it is: scripts that print tables, run by hand, on a machine that does nothing else."""
