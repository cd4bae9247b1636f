from django.db import migrations


def said_yes(apps, schema_editor):
    """Whoever was set down for a gathering before anybody was asked helps there: it counts as a yes."""
    Booking, GatheringAsk = apps.get_model("visits", "Booking"), apps.get_model("visits", "GatheringAsk")
    held = Booking.objects.filter(gathering__isnull=False, facilitator__isnull=False).order_by("pk")
    # One for each person, as the database will have it: twice at one gathering was never meant.
    known = {(one.gathering_id, one.facilitator_id): one for one in held}
    GatheringAsk.objects.bulk_create(
        GatheringAsk(
            gathering_id=gathering, facilitator_id=person, state="accepted", starts_at=one.starts_at,
            ends_at=one.ends_at,
        )
        for (gathering, person), one in known.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0038_asks_for_gatherings"),
    ]

    operations = [
        migrations.RunPython(said_yes, migrations.RunPython.noop),
    ]
