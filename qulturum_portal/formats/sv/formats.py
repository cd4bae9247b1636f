"""«14 december 2026, 13.00»: the clock with a point, as on our own pages."""

TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j F Y, H.i"
