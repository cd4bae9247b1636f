"""How dates and times stand where nothing else is said, as on the lists of the admin: the words of the house."""
