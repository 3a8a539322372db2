"""Parts are all four or none, also where the database is written to directly: a sum with a part that is not given is neither true nor false,
and a constraint lets that pass. SQLite makes the table anew, so its triggers are put back."""

from django.db import migrations, models
from django.db.models import F, Q

from savings import triggers as of_savings
from services import triggers

PARTS = ("delivered", "on_track", "at_risk", "undeliverable")


def put_back(apps, schema_editor):
    triggers.remove(schema_editor.connection, of_savings.every_trigger())
    triggers.install(schema_editor.connection, of_savings.every_trigger())


class Migration(migrations.Migration):
    dependencies = [("savings", "0005_projection_steps")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, put_back),
        migrations.RemoveConstraint(model_name="savingsupdate", name="savings_update_parts_sum_to_target"),
        migrations.AddConstraint(
            model_name="savingsupdate",
            constraint=models.CheckConstraint(
                condition=Q(**{f"{part}__isnull": True for part in PARTS})
                | Q(
                    target__isnull=False,
                    target=F("delivered") + F("on_track") + F("at_risk") + F("undeliverable"),
                    **{f"{part}__isnull": False for part in PARTS},
                    **{f"{part}__gte": 0 for part in PARTS},
                ),
                name="savings_update_parts_sum_to_target",
            ),
        ),
        migrations.RunPython(put_back, migrations.RunPython.noop),
    ]
