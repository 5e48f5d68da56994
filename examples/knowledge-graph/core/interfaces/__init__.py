"""Contracts between the shared services and the business modules."""
