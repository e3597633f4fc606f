"""Rules in names, as the tests of their editor make them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from enquiries.rule_rows import RuleRow, in_order


def rule(position: int = 10, service: str | None = None, **more: Any) -> RuleRow:
    """One rule: for the county's services, to the county, unless said otherwise."""
    cells: dict[str, Any] = {
        "owner_tier": "county",
        "area_code": "",
        "organisation": "worcestershire-county",
        "team": "",
        "valid_from": None,
        "valid_until": None,
        "note": "",
        **more,
    }
    return RuleRow(position, service, **cells)


# Whatever people type into a note, line breaks of all kinds and quotes among it.
NOTES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40
).map(str.strip)
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1))


@st.composite
def rows(draw: st.DrawFn) -> list[RuleRow]:
    """Rules that a partnership could have (see KNOWN in test_tables)."""
    found, position = [], 0
    for _ in range(draw(st.integers(0, 8))):
        position += draw(st.integers(1, 40))
        service, tier = draw(
            st.sampled_from(
                [(None, ""), (None, "county"), ("pothole", "county"), ("missed-bin", "district"),
                 ("pothole", ""), (None, "all")]
            )
        )  # fmt: skip
        owner = draw(
            st.sampled_from([("wychavon", "", ""), ("wychavon", "waste", ""), ("", "", "nh")])
        )
        days = sorted(day for day in (draw(DAYS), draw(DAYS)) if day)
        answers: dict[str, list[str]] = {}
        if service == "pothole" and draw(st.booleans()):
            answers["road"] = draw(
                st.lists(st.sampled_from(["local", "motorway", "private"]), min_size=1, unique=True)
            )
        found.append(
            RuleRow(
                position=position,
                service=service,
                owner_tier=tier,
                area_code=draw(st.sampled_from(["", "D1", "W1"])),
                organisation=owner[0],
                team=owner[1],
                outside=owner[2],
                valid_from=days[0] if days else None,
                valid_until=days[1] if len(days) > 1 else None,
                note=draw(NOTES),
                answers=in_order(answers),
                priority=draw(st.sampled_from(["", "urgent"])),
                channels=draw(st.sampled_from([(), ("phone", "web")])),
                languages=draw(st.sampled_from([(), ("cy",), ("cy", "pl")])),
            )
        )
    return found
