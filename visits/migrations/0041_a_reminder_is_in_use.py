from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0040_a_gathering_that_was_called_off_is_told_for_a_while"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reminderrung",
            name="is_on",
            field=models.BooleanField(default=True, verbose_name="in use"),
        ),
    ]
