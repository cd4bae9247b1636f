"""A calendar file of somebody else's making, read for when its owner is busy and for nothing else.

Pure and alone: no settings, no database, no network. It is run in a process of its own (`python -m
visits.ics`), which is ended when it takes too long or too much, so that no file can do harm here.
"""
