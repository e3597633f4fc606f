from accounts.models.areas import Address, Area, Boundary, Postcode
from accounts.models.attempts import SignInTry
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
from accounts.models.second_factor import SecondFactor, SpareCode
from accounts.models.sessions import Session

__all__ = [
    "Address",
    "ApiToken",
    "Area",
    "Boundary",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "OutsideBody",
    "OutsideKind",
    "Postcode",
    "SecondFactor",
    "Session",
    "SignInTry",
    "Site",
    "SiteKind",
    "SpareCode",
    "Team",
    "User",
]
