"""Excel, both ways: tables, session.xlsx, grids, deliberation.xlsx, reports.

The form of a workbook stands in one place that its writer and its reader both use.
"""
