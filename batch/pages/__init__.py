"""What is read in a browser: whole pages, each one file that asks for nothing else."""
