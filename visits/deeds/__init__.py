"""What has happened to a request, as sentences: at the desk, and in the case file.

`sentences` says each deed that the code can record, `asking_on` why the portal asked somebody by itself.
"""
