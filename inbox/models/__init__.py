from inbox.models.calls import Call, Callback, CallbackEnd
from inbox.models.mail import InboundMail, Mailbox

__all__ = ["Call", "Callback", "CallbackEnd", "InboundMail", "Mailbox"]
