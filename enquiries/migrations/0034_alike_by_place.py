"""What may be the same thing is looked for by address, postcode and point: each has its index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the work that goes on.
    atomic = False

    dependencies = [("enquiries", "0033_files_of_the_hub")]

    operations = [
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(fields=["service", "uprn"], name="enquiry_service_uprn"),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                fields=["service", "easting", "northing"],
                name="enquiry_service_point",
                condition=models.Q(("easting__isnull", False)),
            ),
        ),
    ]
