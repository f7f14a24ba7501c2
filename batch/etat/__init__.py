"""Where a session stands: what its files say (cached), the ledger of its mails, and the day.

Light on purpose: what the last check kept is told without loading what a check needs.
"""
