"""deliberation.xlsx, both ways: the votes, and what the evaluators differ on.

A decision is never overwritten. When the workbook is made again because a grid changed, whatever
the jury had typed is poured back as it stood, and the row remembers what it was decided upon.
"""
