"""Sittings -> flat tables, once for the workbook, the CSV files and the JSON.

tables.py    schemas/plats.yaml: their columns, told once
lignes.py    their rows
schema.py    what the JSON may hold
"""
