from inbox.models.call_days import CallDay
from inbox.models.calls import Call, Callback, CallbackEnd
from inbox.models.checks import CallerCheck, QuestionSet
from inbox.models.lines import DeskLine, Leg
from inbox.models.mail import InboundMail, Mailbox

__all__ = [
    "Call",
    "CallDay",
    "Callback",
    "CallbackEnd",
    "CallerCheck",
    "DeskLine",
    "InboundMail",
    "Leg",
    "Mailbox",
    "QuestionSet",
]
