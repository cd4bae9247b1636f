"""Open flags that come with the rows of a list: no query of their own."""

from __future__ import annotations

import json
from typing import Any, Final

from django.db.models import Aggregate, JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from visits.models import Flag, VisitRequest


class JsonRows(Aggregate):
    """All values of a group as one JSON array; the engines call it differently."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


_ROWS: Final = (
    Flag.objects.open()
    .filter(request=OuterRef("pk"))
    .order_by()
    .values("request")
    .annotate(rows=JsonRows(JSONObject(pk="pk", kind="kind", about="about", detail="detail")))
    .values("rows")
)
OPEN_FLAGS: Final = Subquery(_ROWS, output_field=JSONField())


def open_flags(case: VisitRequest) -> list[Flag]:
    """The flags of a request that was read with `open_flags=OPEN_FLAGS`, in the order in which they were raised."""
    rows: list[dict[str, Any]] = getattr(case, "open_flags", None) or []
    flags = [Flag(request=case, **{**row, "detail": _detail(row["detail"])}) for row in rows]
    return sorted(flags, key=lambda flag: flag.pk)


def _detail(read: Any) -> Any:
    # SQLite keeps JSON as text, and so hands it over as text inside the array.
    return json.loads(read) if isinstance(read, str) else read
