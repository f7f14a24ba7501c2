"""What others want of a session: the declaration to the Caisse des dépôts, flat tables."""
