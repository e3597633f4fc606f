from enquiries.channels import Channel, ItemKind
from enquiries.models.contacts import Contact, ContactItem, Receipt
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
