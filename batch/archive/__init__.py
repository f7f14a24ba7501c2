"""A closed session <-> one sealed file: its pieces, their manifest, and a seal over every byte."""
