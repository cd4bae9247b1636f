"""The desk of Qulturum: the admin site, its queue and request page, and plain pages for the other rows."""
