from enquiries.channels import Channel, ItemKind
from enquiries.models.acting import Acting
from enquiries.models.begun import BegunForm
from enquiries.models.calls_due import CallDue, TellingRule
from enquiries.models.chasing import ChasePoint
from enquiries.models.clocks import Clock
from enquiries.models.contacts import Contact, ContactItem, Receipt
from enquiries.models.dialogs import SmsDialog
from enquiries.models.enquiry import Enquiry
from enquiries.models.events import EnquiryEvent
from enquiries.models.holding import Holding
from enquiries.models.links import Attachment, EnquiryLink
from enquiries.models.neighbours import NoticeFollow, PublicNote
from enquiries.models.referrals import Referral, ReferralStatus
from enquiries.models.rules import Agreement, ClockRule, RoutingRule, RuleSet
from enquiries.models.sittings import AboutOffer, HandOver
from enquiries.models.subscriptions import Subscription
from enquiries.models.suggestions import Suggestion
from enquiries.models.surveys import SurveyAnswer
from enquiries.models.told import ToldFile, ToldLine, ToldTie
from enquiries.models.uploads import Upload
from enquiries.models.watches import Watch

__all__ = [
    "AboutOffer",
    "Acting",
    "Agreement",
    "Attachment",
    "BegunForm",
    "CallDue",
    "Channel",
    "ChasePoint",
    "Clock",
    "ClockRule",
    "Contact",
    "ContactItem",
    "Enquiry",
    "EnquiryEvent",
    "EnquiryLink",
    "HandOver",
    "Holding",
    "ItemKind",
    "NoticeFollow",
    "PublicNote",
    "Receipt",
    "Referral",
    "ReferralStatus",
    "RoutingRule",
    "RuleSet",
    "SmsDialog",
    "Subscription",
    "Suggestion",
    "SurveyAnswer",
    "TellingRule",
    "ToldFile",
    "ToldLine",
    "ToldTie",
    "Upload",
    "Watch",
]
