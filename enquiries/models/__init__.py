from enquiries.models.contacts import Channel, Contact, ContactItem, ItemKind, Receipt
from enquiries.models.enquiry import Enquiry
from enquiries.models.events import EnquiryEvent
from enquiries.models.referrals import Referral, ReferralStatus
from enquiries.models.rules import Agreement, RoutingRule

__all__ = [
    "Agreement",
    "Channel",
    "Contact",
    "ContactItem",
    "Enquiry",
    "EnquiryEvent",
    "ItemKind",
    "Receipt",
    "Referral",
    "ReferralStatus",
    "RoutingRule",
]
