from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0039_who_helps_already_has_said_yes"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="called_off_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="called off"),
        ),
    ]
