"""Real requests through import and figures: what is counted is what is in the file, to the row."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from enquiries.models import Enquiry, Referral
from metrics import recount
from metrics.queries import Chosen
from metrics.sheets import Sheet

BASE = Path(settings.BASE_DIR)
MAPPING = BASE / "reference" / "mappings" / "myla311.toml"
REAL = BASE.parent / "shared" / "data" / "enquiries" / "myla311_2018_mini.csv"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.exists(), reason=f"the real requests are not here: {REAL.name}"),
]
Row = Mapping[str, str]


def in_file(rows: list[Row], key: Callable[[Row], str]) -> dict[str, int]:
    return dict(Counter(key(row) for row in rows))


def in_figures(parts: Mapping[str, Sheet]) -> dict[str, int]:
    """Every enquiry is in E or left out with its reason; none is lost, none counted twice."""
    found = {key: sheet.measures.osr for key, sheet in parts.items()}
    return {key: osr.mature + osr.pending + osr.left_out for key, osr in found.items()}


def test_totals_of_real_requests_are_those_of_the_file(partnership: None, tmp_path: Path) -> None:
    out = StringIO()
    call_command("import_enquiries", REAL, mapping=MAPPING, rejects=tmp_path / "no", stdout=out)
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        rows: list[Row] = list(csv.DictReader(file))
    mapping = tomllib.loads(MAPPING.read_text(encoding="utf-8"))
    assert f"{len(rows):,} taken, 0 known already, 0 rejected" in out.getvalue()

    # What was taken just now is known from now on.
    later = timezone.now()
    judged = recount.as_of(later)
    sheets = {
        name: recount.by(judged, Chosen(), name, moment=later)
        for name in ("", "channel", "service", "organisation", "month")
    }

    assert in_figures(sheets[""]) == {"": len(rows)}
    channels, services = mapping["channel"]["values"], mapping["service"]["values"]
    assert in_figures(sheets["channel"]) == in_file(
        rows, lambda row: channels[row["RequestSource"]]
    )
    assert in_figures(sheets["service"]) == in_file(
        rows, lambda row: services[row["RequestType"]] or "-"
    )
    assert sum(in_figures(sheets["month"]).values()) == len(rows)
    # Whose it is our rules decide, so it is the rows of the hub that the figures are held against.
    whose = Referral.objects.values_list("organisation__slug").annotate(n=Count("enquiry"))
    nobodys = (
        Enquiry.objects.filter(referrals=None).values_list("owner__slug").annotate(n=Count("pk"))
    )
    assert in_figures(sheets["organisation"]) == Counter(dict(whose)) + Counter(dict(nobodys))
    # Closed and Referred Out have an outcome, Cancelled is an end without one.
    status = Counter(row["Status"] for row in rows)
    assert Counter(one.milestones.standing.value for one in judged) == Counter(
        settled=status["Closed"] + status["Referred Out"],
        ended=status["Cancelled"],
        open=status["Open"],
    )
