"""A year of a made-up region on a simulated clock, and what it ought to have come to.

`script` says what people do and when, drawn by lot and plain; `play` does it through the portal's own deeds
and rounds; `oracle` works out from the rules as they are written, and without a line of the portal's code,
which mails, states and bookings ought to come of it.
"""
