"""What each made pack holds of each item, so that supplements print what is new and readers see which figures a later version corrects."""

import django.db.models.deletion
from django.db import migrations, models

from services import triggers

TABLES = ("scrutiny_packitem",)


def kept():
    return triggers.frozen_triggers(TABLES, because="is a record of what was made and")


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, kept())


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, kept())


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0009_paper_versions_choices_and_files"), ("services", "0008_for_whom")]

    operations = [
        migrations.CreateModel(
            name="PackItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(help_text="The item’s, as the pack prints it.", max_length=12)),
                ("title", models.CharField(help_text="The item’s, as the pack prints it.", max_length=300)),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of what is printed of the item.", max_length=64),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="services.council"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packed",
                        to="scrutiny.agendaitem",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="held", to="scrutiny.pack"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packed",
                        to="scrutiny.publication",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("pack", "item"), name="pack_item_once")],
            },
        ),
        migrations.RunPython(install, remove),
    ]
