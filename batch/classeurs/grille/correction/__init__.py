"""A faulty return -> the fresh grid that is sent back, with all that was typed."""
