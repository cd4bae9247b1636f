import django.db.models.deletion
from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

import visits.models.booking
import visits.models.ways_kept


def sites_from_sessions(apps, schema_editor):
    """Whoever is booked already has to be where the session is."""
    Booking, Session = apps.get_model("visits", "Booking"), apps.get_model("visits", "Session")
    there = Session.objects.filter(pk=OuterRef("session")).order_by().values_list(Coalesce("room__site", "site"))
    Booking.objects.filter(facilitator__isnull=False, session__isnull=False).update(site=Subquery(there[:1]))
    if schema_editor.connection.vendor == "postgresql":
        # It changes no table whose rows still wait for their foreign keys to be looked at.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0019_season_plan"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="site",
            field=visits.models.booking.SiteOfSession(
                blank=True,
                db_index=False,
                editable=False,
                help_text="Where the facilitator has to be then; it comes with the session.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="visits.site",
                verbose_name="site",
            ),
        ),
        migrations.RunPython(sites_from_sessions, migrations.RunPython.noop),
        # In this order, so that the way back takes the bookings' triggers away before it rebuilds the ways' table.
        migrations.AddConstraint(
            model_name="travel",
            constraint=visits.models.ways_kept.WaysCount(name="travel_counts_between_bookings"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=visits.models.booking.TimeToTravel(
                name="facilitator_has_time_to_travel",
                violation_error_message="This facilitator would not get there in time.",
            ),
        ),
    ]
