import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


def sites_from_names(apps, schema_editor):
    """Every name of a site that stands at a room becomes a row, and the room points at it."""
    Room, Site = apps.get_model("visits", "Room"), apps.get_model("visits", "Site")
    for name, is_demo in list(Room.objects.order_by().values_list("site_name", "is_demo").distinct()):
        site, _made = Site.objects.get_or_create(name=name, defaults={"is_demo": is_demo})
        Room.objects.filter(site_name=name).update(site=site)
    settle(schema_editor)


def names_from_sites(apps, schema_editor):
    Room = apps.get_model("visits", "Room")
    for room in Room.objects.order_by().select_related("site"):
        Room.objects.filter(pk=room.pk).update(site_name=room.site.name)
    settle(schema_editor)


def settle(schema_editor):
    """PostgreSQL changes no table whose rows still wait for their foreign keys to be looked at."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0002_the_meeting"),
        ("visits", "0006_noticing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=160, verbose_name="address")),
                ("way_en", models.TextField(blank=True, max_length=600, verbose_name="how to get there, in English")),
                ("way_sv", models.TextField(blank=True, max_length=600, verbose_name="how to get there, in Swedish")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo")),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Travel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "means",
                    models.CharField(
                        choices=[("foot", "on foot"), ("bus", "by bus")],
                        default="bus",
                        max_length=4,
                        verbose_name="how",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="visits.site",
                        verbose_name="between",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="visits.site",
                        verbose_name="and",
                    ),
                ),
            ],
            options={
                "verbose_name": "travel between sites",
                "verbose_name_plural": "travel between sites",
                "ordering": ["one__name", "other__name", "minutes"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("one", models.F("other")), _negated=True),
                        name="travel_between_two_sites",
                        violation_error_message="Choose two different sites.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 600)),
                        name="travel_takes_time",
                        violation_error_message="Write how many minutes, from 1 to 600.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("one", "other"),
                        django.db.models.functions.comparison.Greatest("one", "other"),
                        models.F("means"),
                        name="travel_once_each_way",
                        violation_error_message="This way is written down already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="address")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("name_sv", models.CharField(max_length=120, verbose_name="name in Swedish")),
                ("summary_en", models.CharField(blank=True, max_length=200, verbose_name="in a sentence, in English")),
                ("summary_sv", models.CharField(blank=True, max_length=200, verbose_name="in a sentence, in Swedish")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                ("is_offered", models.BooleanField(default=True, verbose_name="offered to planners")),
                ("loaded", models.JSONField(default=dict, editable=False)),
            ],
            options={
                "verbose_name": "agenda template",
                "verbose_name_plural": "agenda templates",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AgendaTemplateRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.PositiveSmallIntegerField(default=1, verbose_name="day of the visit")),
                ("starts", models.TimeField(verbose_name="start")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                (
                    "kind",
                    models.CharField(
                        choices=[("host", "We lead"), ("guest", "The guests’ own"), ("break", "Break")],
                        default="host",
                        max_length=5,
                        verbose_name="who leads",
                    ),
                ),
                ("title_en", models.CharField(max_length=160, verbose_name="title in English")),
                ("title_sv", models.CharField(max_length=160, verbose_name="title in Swedish")),
                (
                    "description_en",
                    models.CharField(blank=True, max_length=300, verbose_name="in a sentence, in English"),
                ),
                (
                    "description_sv",
                    models.CharField(blank=True, max_length=300, verbose_name="in a sentence, in Swedish"),
                ),
                (
                    "dialogue_minutes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes of dialogue"),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "Qulturum staff"),
                            ("clinician", "Clinician"),
                            ("living_library", "Living Library"),
                        ],
                        max_length=14,
                        verbose_name="led by",
                    ),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="programmes.offering",
                        verbose_name="offering",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="visits.room",
                        verbose_name="room, if it is free",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="visits.agendatemplate"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="visits.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an agenda template",
                "verbose_name_plural": "rows of agenda templates",
                "ordering": ["day", "starts", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("day__gte", 1), ("day__lte", 7)),
                        name="template_row_on_a_day",
                        violation_error_message="Write which day of the visit, from 1 to 7.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 5), ("minutes__lte", 600)),
                        name="template_row_takes_time",
                        violation_error_message="Write how many minutes, from 5 to 600.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="session",
            name="group",
            field=models.CharField(
                blank=True, choices=[("A", "Group A"), ("B", "Group B")], max_length=1, verbose_name="group"
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="people",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="guests in this group"),
        ),
        migrations.AddField(
            model_name="session",
            name="site",
            field=models.ForeignKey(
                blank=True,
                help_text="Where that place is; a room says it by itself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="visits.site",
                verbose_name="site",
            ),
        ),
        migrations.AlterModelOptions(
            name="room",
            options={"ordering": ["name"], "verbose_name": "room", "verbose_name_plural": "rooms"},
        ),
        migrations.RenameField(model_name="room", old_name="site", new_name="site_name"),
        migrations.AddField(
            model_name="room",
            name="site",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rooms",
                to="visits.site",
                verbose_name="site",
            ),
        ),
        migrations.RunPython(sites_from_names, names_from_sites),
        migrations.AlterField(
            model_name="room",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rooms", to="visits.site", verbose_name="site"
            ),
        ),
        migrations.RemoveField(model_name="room", name="site_name"),
        migrations.AlterModelOptions(
            name="room",
            options={"ordering": ["site__name", "name"], "verbose_name": "room", "verbose_name_plural": "rooms"},
        ),
    ]
