from inbox.models.mail import InboundMail, Mailbox, MailKind, MailState

__all__ = ["InboundMail", "MailKind", "MailState", "Mailbox"]
