"""What was decided, for good: the house's own register, one SQLite file for all its sessions."""
