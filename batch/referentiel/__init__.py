"""The référentiel: what the certification's public document says, verbatim, and nothing else."""
