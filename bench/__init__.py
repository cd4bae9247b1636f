"""`make bench`: what the portal costs, beside plain Django in the same run."""
