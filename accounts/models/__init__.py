from accounts.models.areas import Area, Postcode
from accounts.models.attempts import SignInTry
from accounts.models.kiosks import Kiosk
from accounts.models.organisations import Organisation, OrganisationKind, Site, SiteKind, Team
from accounts.models.people import ApiToken, Membership, User

__all__ = [
    "ApiToken",
    "Area",
    "Kiosk",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "Postcode",
    "SignInTry",
    "Site",
    "SiteKind",
    "Team",
    "User",
]
