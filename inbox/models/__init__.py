from inbox.models.calls import Call, Callback, CallbackEnd
from inbox.models.mail import InboundMail, Mailbox, MailKind, MailState

__all__ = [
    "Call",
    "Callback",
    "CallbackEnd",
    "InboundMail",
    "MailKind",
    "MailState",
    "Mailbox",
]
