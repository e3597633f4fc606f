from accounts.models.areas import Area, Boundary, Postcode
from accounts.models.attempts import SignInTry
from accounts.models.kiosks import Kiosk
from accounts.models.organisations import (
    Organisation,
    OrganisationKind,
    OutsideBody,
    OutsideKind,
    Site,
    SiteKind,
    Team,
)
from accounts.models.people import ApiToken, Membership, User

__all__ = [
    "ApiToken",
    "Area",
    "Boundary",
    "Kiosk",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "OutsideBody",
    "OutsideKind",
    "Postcode",
    "SignInTry",
    "Site",
    "SiteKind",
    "Team",
    "User",
]
