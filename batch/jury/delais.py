"""A day and a number of months -> the day on which the delay ends."""

from datetime import date


def months_later(jour: date, mois: int) -> date:
    """The day that bears the same number, so many months later; the month's last day if none does.

    From 29 February 2020, a year ends on 28 February 2021. Source: Code de procédure civile,
    article 641, taken as the usage of private certificateurs too, who state none.
    """
    year, month = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    for day in range(jour.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, jour.day)


def declared_by(jour: date) -> date:
    """The last day to declare a certification delivered that day: three months.

    Source: arrêté du 21 mai 2021, on article L. 6113-8 of the Code du travail.
    """
    return months_later(jour, 3)
