from enquiries.channels import Channel, ItemKind
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
from enquiries.models.subscriptions import Subscription
from enquiries.models.suggestions import Suggestion
from enquiries.models.surveys import SurveyAnswer
from enquiries.models.uploads import Upload

__all__ = [
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
    "Upload",
]
