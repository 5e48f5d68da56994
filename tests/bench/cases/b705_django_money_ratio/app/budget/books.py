"""Budgets of the departments and what they have spent so far."""
from djmoney.money import Money

BUDGETS = {
    "sales": (Money("12000.00", "EUR"), [Money("310.50", "EUR"), Money("4200.00", "EUR")]),
    "research": (Money("50000.00", "EUR"), []),
}


def spent(department):
    total = Money(0, "EUR")
    for amount in BUDGETS[department][1]:
        total += amount
    return total


def used(department):
    """Which part of the budget is gone."""
    return spent(department) / BUDGETS[department][0]


def per_month(department, months=12):
    return BUDGETS[department][0] / months
