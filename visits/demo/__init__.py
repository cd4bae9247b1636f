"""A made-up season, so that a new installation has something to show. Every row is marked as demo."""

from visits.demo.season import exists, seed
from visits.demo.staff import PASSWORD, sign_ins

__all__ = ["PASSWORD", "exists", "seed", "sign_ins"]
