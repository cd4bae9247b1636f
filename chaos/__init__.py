"""`make chaos`: faults are put into the sender and what it stands on, and every mail is counted at the relay.

On a PostgreSQL and a Redis of its own, which it makes and ends; with a mail server that writes down the key
of each mail that it takes. A fault that misses its mark makes the whole fail.
"""
